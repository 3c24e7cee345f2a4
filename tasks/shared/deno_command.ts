import { projectFolder } from "./project.ts";

/** What a `deno` subcommand came to. */
export interface DenoResult {
  /** Its exit code. */
  code: number;
  /** All that it printed, standard output first, without colours. */
  output: string;
}

/** Run a `deno` subcommand in the project's folder, by the same Deno that runs this. */
export async function deno(args: readonly string[], signal: AbortSignal): Promise<DenoResult> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: projectFolder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal,
  }).output();
  signal.throwIfAborted();
  const decoder = new TextDecoder();
  return { code, output: `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() };
}
