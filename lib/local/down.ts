import { removeAll } from "./files.ts";
import type { ClusterOptions } from "./local_cluster.ts";
import { takeLock } from "./lock.ts";
import { clusterFolder } from "./paths.ts";
import { findServices, stopServices } from "./services/running.ts";
import { findComponents, stopComponents } from "./supervise.ts";

/** How long `down` and `reset` wait for another run that works on the same cluster, in milliseconds. */
const lockTimeoutMs = 30_000;

/**
 * End the processes of an embedded cluster; its data stays.
 *
 * @returns how many processes were ended
 * @throws {TimedOut} when another run works on the cluster and does not end
 */
export async function clusterDown(options: ClusterOptions): Promise<number> {
  return await locked(options, (folder) => stopAll(folder, options.signal));
}

/**
 * End the processes of an embedded cluster and remove all that it kept: data, keys, logs.
 *
 * @throws {TimedOut} when another run works on the cluster and does not end
 */
export async function clusterReset(options: ClusterOptions): Promise<void> {
  await locked(options, async (folder) => {
    await stopAll(folder, options.signal);
    await removeAll(folder);
    await removeAll(lockPath(folder));
  });
}

async function stopAll(folder: string, signal: AbortSignal): Promise<number> {
  // Services use the API server to the last: Vault gives up its leases, controllers their leadership.
  const services = await findServices(folder);
  await stopServices(services, signal);
  const found = await findComponents(folder);
  await stopComponents(found, signal);
  return found.length + services.length;
}

async function locked<T>(
  options: ClusterOptions,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = clusterFolder(options.stateDir, options.name);
  const lock = await takeLock(lockPath(folder), {
    subject: `cluster ${options.name}`,
    timeoutMs: lockTimeoutMs,
    signal: options.signal,
  });
  try {
    return await work(folder);
  } finally {
    lock.release();
  }
}

function lockPath(folder: string): string {
  return `${folder}.lock`;
}
