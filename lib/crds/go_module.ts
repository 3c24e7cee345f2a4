import { messageOf, SlipwayError } from "../core/errors.ts";

/**
 * Folder of a Go module's source in the module cache, downloaded where needed. Go verifies it with its
 * checksum database. Source: `go help mod download`.
 *
 * @throws {SlipwayError} when Go is not there or cannot get the module
 */
export async function goModuleFolder(
  module: string,
  version: string,
  signal: AbortSignal,
): Promise<string> {
  const tried = `download the Go module ${module}@${version}`;
  const args = ["mod", "download", "-json", `${module}@${version}`];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("go", { args, stdin: "null", signal }).output();
  } catch (cause) {
    signal.throwIfAborted();
    throw new SlipwayError(`Cannot ${tried}: go could not be started: ${messageOf(cause)}`, {
      remedy: "install Go",
      cause,
    });
  }
  signal.throwIfAborted();
  const answer = parseAnswer(new TextDecoder().decode(output.stdout));
  if (output.success && answer?.Dir !== undefined) return answer.Dir;
  const why = answer?.Error ?? new TextDecoder().decode(output.stderr).trim();
  throw new SlipwayError(`Cannot ${tried}: ${why}`, { retryable: true });
}

function parseAnswer(text: string): { Dir?: string; Error?: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
