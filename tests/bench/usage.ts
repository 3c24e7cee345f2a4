import { type Timed, timed, type TimedCommand } from "./timed.ts";

/** What a process took. */
export interface Used extends Timed {
  /** Processor time of it and of all processes that it waited for, in milliseconds. */
  cpuMs: number;
  /** The most memory that it had resident at once, in bytes; its children have their own. */
  peakRssBytes: number;
}

/** Processor time is counted in these. Source: Linux, proc_pid_stat(5), `USER_HZ`. */
const tickMs = 10;

/** The kernel keeps the peak, so that only one of the very end could be missed. */
const lookEveryMs = 20;

/**
 * Run a process as {@linkcode timed} does, and take what it needed of the machine, which must be a Linux.
 *
 * @throws {SlipwayError} when it does not exit with 0
 */
export async function used(command: TimedCommand, signal: AbortSignal): Promise<Used> {
  let peakRssBytes = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const before = await cpuMsOfEnded();
  try {
    const outcome = await timed(command, signal, (pid) => {
      timer = setInterval(
        () => peakRssBytes = Math.max(peakRssBytes, peakRssOf(pid)),
        lookEveryMs,
      );
    });
    return { ...outcome, peakRssBytes, cpuMs: await cpuMsOfEnded() - before };
  } finally {
    clearInterval(timer);
  }
}

/** Source: Linux, proc_pid_status(5), `VmHWM`. */
function peakRssOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}

/** Processor time of all children of this process that have ended, with theirs. Source: proc_pid_stat(5), `cutime`, `cstime`. */
async function cpuMsOfEnded(): Promise<number> {
  const stat = await Deno.readTextFile("/proc/self/stat");
  // The name, in parentheses, can have spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * tickMs;
}
