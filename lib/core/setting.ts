import { resolve } from "node:path";
import type { Context } from "./context.ts";
import { messageOf, UsageError } from "./errors.ts";

/**
 * A variable of the environment, or else the text of the file that the variable `…_FILE` names, as secrets are mounted;
 * undefined where neither says anything.
 *
 * @throws {UsageError} when the file cannot be read
 */
export async function readSetting(
  name: string,
  context: Pick<Context, "env" | "cwd">,
): Promise<string | undefined> {
  const value = context.env(name);
  if (value !== undefined && value !== "") return value;
  const text = (await readSettingFile(`${name}_FILE`, context))?.trim();
  return text === "" ? undefined : text;
}

/**
 * The text of the file that a variable of the environment names; undefined where it names none.
 *
 * @throws {UsageError} when the file cannot be read
 */
export async function readSettingFile(
  variable: string,
  { env, cwd }: Pick<Context, "env" | "cwd">,
): Promise<string | undefined> {
  const path = env(variable);
  if (path === undefined || path === "") return undefined;
  try {
    return await Deno.readTextFile(resolve(cwd, path));
  } catch (error) {
    throw new UsageError(`Cannot read the file that ${variable} names: ${messageOf(error)}`, {
      remedy: `correct ${variable}, or let the user that runs this read the file`,
      cause: error,
    });
  }
}
