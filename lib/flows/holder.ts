import { bootId, isAlive, processFacts } from "../local/process_table.ts";

/** A process that holds a lease, as the lease names it. */
export interface Holder {
  /** As people know it: `ana@laptop, process 4711`. */
  name: string;
  /** Boot, PID namespace, process id and start time; empty where the system does not tell them. */
  process: string;
}

/** This process as the holder of a lease. */
export async function currentHolder(env: (name: string) => string | undefined): Promise<Holder> {
  const user = env("USER") ?? env("LOGNAME") ?? "somebody";
  const host = hostName(env);
  const name = `${user}@${host}, process ${Deno.pid}`;
  try {
    const facts = await processFacts(Deno.pid);
    if (facts === undefined) return { name, process: "" };
    const parts = [facts.bootId, await pidNamespace(), facts.pid, facts.startTicks];
    return { name, process: parts.join("/") };
  } catch {
    return { name, process: "" };
  }
}

/**
 * Whether the process that a lease names is known to have ended. Where it cannot be seen from here,
 * as on another machine or in another container, it is taken to be alive.
 */
export async function hasEnded(process: string): Promise<boolean> {
  const [boot, namespace, pid, startTicks] = process.split("/");
  if (
    boot === undefined || namespace === undefined || pid === undefined || startTicks === undefined
  ) {
    return false;
  }
  try {
    if (boot !== await bootId() || namespace !== await pidNamespace()) return false;
    return !await isAlive({ pid: Number(pid), startTicks, bootId: boot });
  } catch {
    return false;
  }
}

async function pidNamespace(): Promise<string> {
  return await Deno.readLink("/proc/self/ns/pid");
}

/** Name of this machine, for people. */
export function hostName(env: (name: string) => string | undefined): string {
  try {
    return Deno.hostname();
  } catch {
    // The permission set does not grant it; the name is for people only.
    return env("HOSTNAME") ?? "this machine";
  }
}
