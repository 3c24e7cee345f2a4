import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { SeedValues } from "../../vault/configure/seed.ts";

/**
 * Values from a JSON file, or from standard input for `-`: `{"secret/shop/database": {"PGUSER": "shop"}}`. The
 * redactor learns all of them but the words of the platform file, which is no secret: the name of a database would else
 * garble each line that tells of a path with that name in it.
 *
 * @throws {UsageError} when it is not of that form; what it holds is never told
 */
export async function readSeedFile(
  file: string,
  context: Context,
  platformText = "",
): Promise<SeedValues> {
  const text = file === "-"
    ? await new Response(Deno.stdin.readable).text()
    : await readPrivately(resolve(context.cwd, file), context);
  const values = parse(text, file);
  for (const keys of Object.values(values)) {
    for (const value of Object.values(keys)) {
      if (!platformText.includes(value)) context.redactor.add(value);
    }
  }
  return values;
}

async function readPrivately(file: string, { emit }: Context): Promise<string> {
  try {
    const { mode } = await Deno.stat(file);
    // Windows has no modes.
    if (mode !== null && (mode & 0o077) !== 0) {
      emit({
        type: "note",
        level: "warning",
        message: `Others of this machine may read the secrets in ${file}: its mode is 0${
          (mode & 0o777).toString(8)
        }`,
        remedy:
          `take their rights with \`chmod 600 ${file}\`, and delete it when it is not needed any more`,
      });
    }
    return await Deno.readTextFile(file);
  } catch (cause) {
    throw new UsageError(`Cannot read values from ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** Errors of the parser itself would quote the text. */
function parse(text: string, file: string): SeedValues {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(file, "it is no JSON");
  }
  if (!isMap(value)) throw malformed(file, "it is no object");
  for (const [path, keys] of Object.entries(value)) {
    if (!isMap(keys)) throw malformed(file, `${path} is no object`);
    const wrong = Object.keys(keys).find((key) => typeof keys[key] !== "string");
    if (wrong !== undefined) throw malformed(file, `${path} ${wrong} is no text`);
  }
  return value as SeedValues;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(file: string, because: string): UsageError {
  return new UsageError(
    `Cannot read values from ${file === "-" ? "standard input" : file}: ${because}`,
    {
      remedy: 'write it as {"secret/shop/database": {"PGUSER": "shop"}}',
    },
  );
}
