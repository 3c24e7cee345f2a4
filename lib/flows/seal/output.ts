import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { type Format, formatOfName } from "../../seal/text_format.ts";
import { writeText } from "../../seal/texts.ts";
import { absolutePath, writeNamedFile } from "./files.ts";
import type { Input } from "./inputs.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

/** What came of one input. */
export interface Result {
  /** The input. */
  input: Input;
  /** The objects that are to be written. */
  objects: readonly object[];
}

/** How results are written. */
export interface OutputOptions {
  /** Mode of files that are not there yet. @default 0o644 */
  mode?: number;
}

/** Where and how results are to be written. */
export type OutputRequest = Pick<
  SealSecretRequest,
  "format" | "sealedSecretFile" | "dryRun" | "json"
>;

/**
 * Write results where the command line says: on standard output, into one file, or into a folder with a file for each
 * input. Files are written wholly or not at all, and only after all work is done.
 *
 * @returns how many files were written
 * @throws {UsageError} when two inputs would be one file
 */
export async function writeResults(
  results: readonly Result[],
  request: OutputRequest,
  { streams, context, mode }: { streams: Streams; context: Context } & OutputOptions,
): Promise<number> {
  const { sealedSecretFile: out, format, dryRun, json } = request;
  if (out === undefined) {
    if (!dryRun) streams.write(await printed(results, { format, json }));
    return 0;
  }
  const files = await isFolder(out, context)
    ? await Promise.all(results.map((result) => inFolder(result, out, format)))
    : [{ file: out, text: await textOf(results, format ?? formatOfName(out)) }];
  const twice = files.find(({ file }, index) =>
    files.findIndex((other) => other.file === file) !== index
  );
  if (twice !== undefined) {
    throw new UsageError(`Cannot write ${twice.file} twice: two inputs have this name`, {
      remedy: "seal them with one call each, or name a folder above both",
    });
  }
  for (const { file, text } of files) {
    if (file !== out && !dryRun) {
      const folder = absolutePath(file, context).replace(/\/[^/]*$/, "");
      await Deno.mkdir(folder, { recursive: true });
    }
    await writeFile(file, text, { dryRun, mode }, context);
  }
  return files.length;
}

/** Write one file, or with `dryRun` tell what would become of it; true when its text is new. */
export async function writeFile(
  file: string,
  text: string,
  { dryRun, mode }: { dryRun?: true; mode?: number },
  context: Context,
): Promise<boolean> {
  const before = await textIfThere(file, context);
  const action = before === undefined ? "created" : before === text ? "unchanged" : "configured";
  if (!dryRun && action !== "unchanged") {
    await writeNamedFile(file, text, { cwd: context.cwd, mode });
  }
  context.emit({ type: "change", phase: dryRun ? "plan" : "apply", action, subject: file });
  return action !== "unchanged";
}

/** The text of a file; undefined when there is none. */
export async function textIfThere(
  file: string,
  context: Pick<Context, "cwd">,
): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(absolutePath(file, context));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether a path that somebody named for output is a folder, or is meant to be one. */
export async function isFolder(path: string, context: Pick<Context, "cwd">): Promise<boolean> {
  if (path.endsWith("/")) return true;
  try {
    return (await Deno.stat(absolutePath(path, context))).isDirectory;
  } catch {
    return false;
  }
}

async function printed(
  results: readonly Result[],
  { format, json }: Pick<OutputRequest, "format" | "json">,
): Promise<string> {
  if (!json) return await textOf(results, format);
  return results.flatMap(({ objects }) => objects)
    .map((object) => `${JSON.stringify(object)}\n`).join("");
}

async function inFolder({ input, objects }: Result, folder: string, format: Format | undefined) {
  const file = `${folder.replace(/(?<=.)\/+$/, "")}/${input.relative ?? "sealed.yaml"}`;
  return { file, text: await writeText(objects, format ?? formatOfName(file) ?? "json") };
}

async function textOf(results: readonly Result[], format: Format = "json"): Promise<string> {
  return await writeText(results.flatMap(({ objects }) => objects), format);
}
