import { auditLogPath, kubeconfigPath } from "./cluster_files.ts";
import { componentNames } from "./components.ts";
import type { ClusterOptions, LocalCluster, LocalService } from "./local_cluster.ts";
import { clusterFolder } from "./paths.ts";
import { residentBytes } from "./process_table.ts";
import { keptServices } from "./services/kept.ts";
import { findServices, serviceLog } from "./services/running.ts";
import { readState, serverOf } from "./state.ts";
import { findComponents } from "./supervise.ts";
import { SlipwayError } from "../core/errors.ts";

/**
 * What there is of an embedded cluster, or undefined when it was never made. Looks at processes and
 * files only; whether the API server answers is for a client to find out.
 */
export async function findCluster(
  options: Pick<ClusterOptions, "name" | "stateDir">,
): Promise<LocalCluster | undefined> {
  const folder = clusterFolder(options.stateDir, options.name);
  const state = await readState(folder);
  if (state === undefined) return undefined;
  const found = await findComponents(folder);
  const processes = await Promise.all(found.map(async ({ name, pid }) => ({
    name,
    pid,
    rssBytes: await residentBytes(pid),
    logFile: `${folder}/logs/${name}.log`,
  })));
  const missing = componentNames.filter((name) => !found.some((each) => each.name === name));
  const services = await servicesIn(folder);
  return {
    name: options.name,
    server: serverOf(state),
    kubeconfigPath: kubeconfigPath(folder),
    auditLogPath: auditLogPath(folder),
    folder,
    running: missing.length === 0 && services.every(({ pid }) => pid !== undefined),
    processes,
    missing,
    services,
  };
}

/** The services that are kept in a folder, whether they run or not. */
export async function servicesIn(folder: string): Promise<LocalService[]> {
  const running = await findServices(folder);
  return await Promise.all((await keptServices(folder)).map(async ({ name }) => {
    const logFile = serviceLog(folder, name);
    const process = running.find((each) => each.name === name);
    if (process === undefined) return { name, rssBytes: 0, logFile };
    return { name, pid: process.pid, rssBytes: await residentBytes(process.pid), logFile };
  }));
}

/**
 * Like {@linkcode findCluster}, for a cluster that must be there.
 *
 * @throws {SlipwayError} when it was never made
 */
export async function clusterStatus(
  options: Pick<ClusterOptions, "name" | "stateDir">,
): Promise<LocalCluster> {
  const cluster = await findCluster(options);
  if (cluster === undefined) {
    throw new SlipwayError(`There is no embedded cluster ${options.name}`, {
      remedy: "make it with `deno task cluster up`",
    });
  }
  return cluster;
}
