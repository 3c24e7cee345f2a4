import { fileURLToPath } from "node:url";
import { SlipwayError } from "../../lib/core/errors.ts";

/** The project's folder. */
export const projectFolder: string = fileURLToPath(new URL("../../", import.meta.url));

/** A process to be timed. */
export interface TimedCommand {
  /** Path of the program, then its arguments. */
  command: readonly string[];
  /** Its working folder. @default the project's folder */
  cwd?: string;
  /** Variables that it gets besides the bench's own. */
  env?: Readonly<Record<string, string>>;
  /** Whether it gets no other variables than `env`. @default false */
  clearEnv?: boolean;
}

/** How a timed process went. */
export interface Timed {
  /** Milliseconds from the start of the process to its end. */
  ms: number;
  /** What it printed on standard output. */
  stdout: string;
}

/**
 * Run a process from its start to its end, and take the time of all of it. `onStart` is told its process id.
 *
 * @throws {SlipwayError} when it does not exit with 0, with the end of what it wrote on standard error
 */
export async function timed(
  { command, cwd = projectFolder, env, clearEnv }: TimedCommand,
  signal: AbortSignal,
  onStart: (pid: number) => void = () => {},
): Promise<Timed> {
  const [program, ...args] = command as [string, ...string[]];
  signal.throwIfAborted();
  const startedAt = performance.now();
  const child = new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    clearEnv,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  onStart(child.pid);
  const { code, stdout, stderr } = await child.output();
  const ms = performance.now() - startedAt;
  signal.throwIfAborted();
  const decoder = new TextDecoder();
  if (code !== 0) {
    const end = decoder.decode(stderr).trim().slice(-600);
    throw new SlipwayError(
      `Cannot measure ${command.slice(0, 4).join(" ")}: it exits with ${code}: ${end}`,
    );
  }
  return { ms, stdout: decoder.decode(stdout) };
}

/** The command of a task as deno.json has it, run by the same Deno that runs this. */
export async function taskCommand(task: string): Promise<string[]> {
  const config = JSON.parse(await Deno.readTextFile(`${projectFolder}deno.json`)) as {
    tasks: Record<string, { command: string }>;
  };
  const [, ...args] = config.tasks[task]!.command.split(" ");
  return [Deno.execPath(), ...args];
}
