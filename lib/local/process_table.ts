import { SlipwayError } from "../core/errors.ts";
import { readIfThere } from "./files.ts";

/**
 * Says which process is meant, over reboots and after its number was given to another.
 * Source: proc(5), `starttime` in /proc/pid/stat and /proc/sys/kernel/random/boot_id.
 */
export interface ProcessIdentity {
  /** Process id. */
  pid: number;
  /** When it started, in clock ticks since boot. */
  startTicks: string;
  /** Random id of the boot during which it started. */
  bootId: string;
}

/** What the process table says of one process. */
export interface ProcessFacts extends ProcessIdentity {
  /** Id of the session; the same as the pid in a process that leads one. */
  sessionId: number;
  /** True when it has ended and only waits for its parent to notice. */
  ended: boolean;
}

/** The fields of /proc/pid/stat that matter here, or undefined when the text is none. */
export function parseStat(
  text: string,
): Omit<ProcessFacts, "bootId"> | undefined {
  // The program's name stands in parentheses and may itself hold spaces and parentheses.
  const close = text.lastIndexOf(")");
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(close + 2).trim().split(" ");
  const [state, , , session] = fields;
  const startTicks = fields[19];
  if (close < 0 || Number.isNaN(pid) || state === undefined || startTicks === undefined) {
    return undefined;
  }
  return { pid, startTicks, sessionId: Number(session), ended: state === "Z" || state === "X" };
}

/** What is known of the process with this number now, or undefined when there is none. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  const stat = parseStat(await readOfProcess(pid, "stat") ?? "");
  return stat === undefined ? undefined : { ...stat, bootId: await bootId() };
}

/** Whether this very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const facts = await processFacts(identity.pid);
  return facts !== undefined && !facts.ended && facts.startTicks === identity.startTicks &&
    facts.bootId === identity.bootId;
}

/** The memory that a process holds, in bytes (VmRSS); 0 when it has ended. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readOfProcess(pid, "status") ?? "";
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A process that was found by its environment. */
export interface FoundProcess extends ProcessFacts {
  /** Its environment at the time it started. */
  environment: ReadonlyMap<string, string>;
}

/** All running processes of this user whose environment has this variable with this value. */
export async function findByEnvironment(name: string, value: string): Promise<FoundProcess[]> {
  const wanted = `${name}=${value}`;
  const found: FoundProcess[] = [];
  for await (const entry of processFolders()) {
    const pid = Number(entry);
    const text = await readOfProcess(pid, "environ");
    if (text === undefined || !text.includes(wanted)) continue;
    const environment = parseEnvironment(text);
    if (environment.get(name) !== value) continue;
    const facts = await processFacts(pid);
    if (facts !== undefined && !facts.ended) found.push({ ...facts, environment });
  }
  return found;
}

/** The variables in the text of /proc/pid/environ. */
export function parseEnvironment(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const entry of text.split("\0")) {
    const equals = entry.indexOf("=");
    if (equals > 0) variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return variables;
}

let knownBootId: string | undefined;

/** Random id of the present boot. */
export async function bootId(): Promise<string> {
  knownBootId ??= (await readIfThere("/proc/sys/kernel/random/boot_id"))?.trim();
  if (knownBootId === undefined) {
    throw new SlipwayError(
      `Cannot tell processes apart on ${Deno.build.os}: there is no /proc/sys/kernel/random/boot_id`,
      { remedy: "run the embedded cluster on Linux" },
    );
  }
  return knownBootId;
}

async function* processFolders(): AsyncIterable<string> {
  for await (const entry of Deno.readDir("/proc")) {
    if (/^\d+$/.test(entry.name)) yield entry.name;
  }
}

/** Other users' processes cannot be read, and any process may end while it is looked at. */
async function readOfProcess(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readIfThere(`/proc/${pid}/${file}`);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied || isGone(error)) return undefined;
    throw error;
  }
}

/** Source: proc(5); reading a file of a process that has ended gives ESRCH. */
function isGone(error: unknown): boolean {
  return error instanceof Error && /ESRCH|No such process/.test(error.message);
}
