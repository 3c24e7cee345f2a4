import { messageOf } from "../../core/errors.ts";
import { exists } from "../files.ts";
import { isVersion, type Program } from "./program.ts";

/** How long a program may take to tell its version, in milliseconds. */
const patienceMs = 10_000;

/** Look for a program in the folders of PATH; one of another version does not count. */
export async function findOnPath(
  program: Program,
  searchPath: string,
  signal: AbortSignal,
): Promise<{ path: string } | { path?: undefined; because: string }> {
  if (program.versionArguments === undefined) {
    return { because: `${program.name} cannot tell its version` };
  }
  for (const folder of searchPath.split(":")) {
    const path = `${folder}/${program.name}`;
    if (!folder.startsWith("/") || !await exists(path)) continue;
    const printed = await askVersion(path, program.versionArguments, signal);
    if (isVersion(program, printed)) return { path };
    const [line = "nothing"] = printed.trim().split("\n");
    return { because: `${path} is not ${program.version}, it says: ${line}` };
  }
  return { because: `there is no ${program.name}` };
}

async function askVersion(
  path: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  try {
    const { stdout, stderr } = await new Deno.Command(path, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
