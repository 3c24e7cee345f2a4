import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Writable } from "node:stream";
import { SlipwayError } from "../core/errors.ts";
import { diskFull, readIfThere } from "./files.ts";
import { bootId, isAlive, processFacts, type ProcessIdentity } from "./process_table.ts";

/** How to start a process that outlives this one. */
export interface StartOptions {
  /** Path of the program, then its arguments. */
  command: readonly string[];
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  /** Its working folder. */
  cwd: string;
  /** File that takes what it prints; appended to, mode 0600. */
  logFile: string;
  /** What it reads from its standard input; nothing when absent. */
  input?: string;
}

/** A process that this run started. */
export interface StartedProcess extends ProcessIdentity {
  /** Size of the log before this process wrote to it, in bytes. */
  logOffset: number;
  /** Resolves when the process has ended, with how: `exit code 1`, `signal SIGKILL`. */
  ended: Promise<string>;
  /** Wait for its end no more, so that this process may end before it. */
  letGo(): void;
}

/** Size above which a log makes room for a new one when its process starts, in bytes. */
const logLimitBytes = 8 * 1024 * 1024;

/**
 * Start a process in a session of its own, so that neither the end of this one nor Ctrl-C at the
 * terminal reaches it.
 *
 * @throws {SlipwayError} when it cannot be started
 */
export async function startProcess(options: StartOptions): Promise<StartedProcess> {
  const [program, ...args] = options.command;
  if (program === undefined) throw new SlipwayError("Cannot start a process: its command is empty");
  const logOffset = await makeRoom(options.logFile);
  let log: number | undefined;
  try {
    log = openSync(options.logFile, "a", 0o600);
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: [options.input === undefined ? "ignore" : "pipe", log, log],
    });
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once(
        "exit",
        (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    });
    const { pid } = child;
    if (pid === undefined) {
      throw new SlipwayError(`Cannot start ${program}: ${await ended}`, {
        remedy: `see whether ${program} is installed, in a folder of PATH, and may be run`,
      });
    }
    if (options.input !== undefined) await give(child.stdin, options.input);
    // One that has ended already has no start time any more, and needs none.
    const startTicks = (await processFacts(pid))?.startTicks ?? "";
    return {
      pid,
      startTicks,
      bootId: await bootId(),
      logOffset,
      ended,
      letGo: () => child.unref(),
    };
  } catch (error) {
    throw diskFull(error, options.logFile) ?? error;
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Write all of its input to a process; one that ends before it has read it tells why in its log. */
function give(stdin: Writable | null, input: string): Promise<void> {
  return new Promise((resolve) => {
    stdin?.once("error", () => resolve());
    stdin?.end(input, () => resolve());
  });
}

/**
 * End a process: ask with SIGTERM, then insist with SIGKILL. Each signal is sent only while the
 * number still belongs to the process that is meant. Returns once it has ended.
 */
export async function stopProcess(
  identity: ProcessIdentity,
  options: { graceMs: number; signal?: AbortSignal },
): Promise<void> {
  if (!await send(identity, "SIGTERM")) return;
  if (await endsWithin(identity, options.graceMs, options.signal)) return;
  if (!await send(identity, "SIGKILL")) return;
  if (await endsWithin(identity, 10_000, options.signal)) return;
  throw new SlipwayError(
    `Cannot end process ${identity.pid}: it still runs 10 s after SIGKILL`,
    { remedy: "see why the kernel keeps it, such as a disk that does not answer" },
  );
}

/** The last lines of a log, without what is older. */
export async function lastLines(path: string, count: number): Promise<string[]> {
  const text = await readIfThere(path) ?? "";
  return text.split("\n").filter((line) => line.trim() !== "").slice(-count);
}

async function send(identity: ProcessIdentity, signal: Deno.Signal): Promise<boolean> {
  if (!await isAlive(identity)) return false;
  try {
    Deno.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The kernel tells only a parent when a process ends, and here the parent is often gone: so it is looked at. */
async function endsWithin(
  identity: ProcessIdentity,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (await isAlive(identity)) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** The size of a log, which is put aside first when it has grown large. */
async function makeRoom(path: string): Promise<number> {
  const size = await Deno.stat(path).then((info) => info.size, () => 0);
  if (size <= logLimitBytes) return size;
  await Deno.rename(path, `${path}.1`);
  return 0;
}
