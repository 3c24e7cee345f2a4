import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { Document } from "../../seal/objects.ts";
import { formatOfName } from "../../seal/text_format.ts";
import { readText } from "../../seal/texts.ts";
import { absolutePath, readNamedText } from "./files.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

/** A text with Kubernetes objects. */
export interface Input {
  /** Where it comes from, for messages. */
  source: string;
  /** The file, as it was named; undefined for standard input. */
  file?: string;
  /** Its place below the folder that was named, or its own name. */
  relative?: string;
  /** Whether it was found in a folder, where other objects may stand too. */
  found?: true;
  /** The text. */
  text: string;
}

/**
 * What the command line names as input: files, all YAML and JSON files of folders, or else standard input.
 *
 * @throws {UsageError} when one is not there, or a folder has none
 */
export async function readInputs(
  { secretFile = [] }: Pick<SealSecretRequest, "secretFile">,
  streams: Streams,
  context: Context,
): Promise<Input[]> {
  if (secretFile.length === 0) return [await standardInput(streams, context)];
  const inputs: Input[] = [];
  for (const path of secretFile) {
    if (path === "-") inputs.push(await standardInput(streams, context));
    else if (await isFolder(absolutePath(path, context))) {
      inputs.push(...await folderInputs(path, context));
    } else {
      const relative = path.slice(path.lastIndexOf("/") + 1);
      inputs.push({ source: path, file: path, relative, text: await readNamedText(path, context) });
    }
  }
  return inputs;
}

/** The objects of an input; of one that was found in a folder only those of a kind. */
export async function documentsOf(
  { source, text, found }: Input,
  kind: "Secret" | "SealedSecret",
): Promise<Document[]> {
  const documents = await readText(text, source);
  return found ? documents.filter(({ value }) => value["kind"] === kind) : documents;
}

async function standardInput(streams: Streams, { emit }: Context): Promise<Input> {
  if (streams.stdinIsTerminal) {
    emit({
      type: "note",
      level: "info",
      message: "reading from standard input; end it with Ctrl-D, or name a file with -f",
    });
  }
  return { source: "standard input", text: new TextDecoder().decode(await streams.stdin()) };
}

async function folderInputs(folder: string, context: Context): Promise<Input[]> {
  const root = folder.replace(/(?<=.)\/+$/, "");
  const names = await filesBelow(absolutePath(root, context));
  if (names.length === 0) {
    throw new UsageError(`Cannot find a file of YAML or JSON in ${folder}`);
  }
  return await Promise.all(names.map(async (relative): Promise<Input> => {
    const file = `${root}/${relative}`;
    return { source: file, file, relative, found: true, text: await readNamedText(file, context) };
  }));
}

async function filesBelow(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) {
      names.push(...(await filesBelow(`${folder}/${name}`)).map((below) => `${name}/${below}`));
    } else if (isFile && formatOfName(name) !== undefined) names.push(name);
  }
  return names.sort();
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    // Whatever is wrong with it shows when it is read.
    return false;
  }
}
