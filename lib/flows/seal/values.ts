import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readNamedBytes } from "./files.ts";
import type { Streams, ValuesRequest } from "./request.ts";

/**
 * The values that the command line names: from files, standard input, prompts and, with a warning, from the command
 * line itself. The redactor learns each of them.
 *
 * @throws {UsageError} when one cannot be had, or a key is named twice
 */
export async function readValues(
  { fromFile = [], fromLiteral = [], fromPrompt = [] }: ValuesRequest,
  streams: Streams,
  context: Context,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const values = new Map<string, Uint8Array<ArrayBuffer>>();
  const add = (key: string, plain: Uint8Array<ArrayBuffer>) => {
    if (values.has(key)) throw new UsageError(`Cannot take ${key} twice: it is named two times`);
    values.set(key, plain);
    hide(plain, context);
  };
  if (fromFile.filter((text) => pathOf(text) === "-").length > 1) {
    throw new UsageError("Cannot read standard input for two keys");
  }
  for (const text of fromFile) {
    const path = pathOf(text);
    const key = text === path ? path.slice(path.lastIndexOf("/") + 1) : text.split("=", 1)[0]!;
    add(key, path === "-" ? await streams.stdin() : await readNamedBytes(path, context));
  }
  for (const text of fromLiteral) {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw new UsageError("Cannot read --from-literal: wanted key=value");
    }
    add(text.slice(0, equals), new TextEncoder().encode(text.slice(equals + 1)));
  }
  if (fromLiteral.length > 0) {
    context.emit({
      type: "note",
      level: "warning",
      message:
        "a value of --from-literal stands in the shell's history, and was in the list of processes for everybody on this machine",
      remedy: "use --from-prompt, or --from-file key=- with standard input",
    });
  }
  for (const key of fromPrompt) add(key, await asked(key, context));
  return values;
}

/** Let the redactor know a value, as text where it is text. */
export function hide(
  plain: Uint8Array<ArrayBuffer>,
  { redactor }: Pick<Context, "redactor">,
): void {
  try {
    redactor.add(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  } catch {
    redactor.add(plain.toBase64());
  }
}

function pathOf(text: string): string {
  return text.slice(text.indexOf("=") + 1);
}

/** A value that was mistyped would show only when it is needed, so it is asked for twice. */
async function asked(key: string, context: Context): Promise<Uint8Array<ArrayBuffer>> {
  const remedy = `give the value by --from-file ${key}=<path>, or ${key}=- for standard input`;
  const first = await context.askSecret(`Value of ${key}`, remedy);
  const second = await context.askSecret(`Value of ${key} once more`, remedy);
  if (first !== second) throw new UsageError(`Cannot take ${key}: the two answers differ`);
  return new TextEncoder().encode(first);
}
