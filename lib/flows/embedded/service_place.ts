import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { takeLock } from "../../local/lock.ts";
import { clusterFolder, localFolders, outsideFolder } from "../../local/paths.ts";
import type { ServiceHome } from "../../local/services/running.ts";
import { readState, serverOf } from "../../local/state.ts";
import { connect } from "../connect.ts";

/** How long another run that works on the same services is waited for, in milliseconds: it may wait for one to listen. */
const lockTimeoutMs = 90_000;

/** Where services run, and what stands beside them. */
export interface ServicePlace {
  /** Folder and id. */
  home: ServiceHome;
  /** Do something while nobody else changes its services. */
  locked: <T>(work: () => Promise<T>) => Promise<T>;
  /** Do something as the administrator of its cluster; without a client where it has none. */
  asAdmin: <T>(work: (client: ClusterClient | undefined) => Promise<T>) => Promise<T>;
}

/**
 * Beside an embedded cluster: what is there lives and dies with it.
 *
 * @throws {SlipwayError} when the cluster was never made
 */
export async function besideCluster(cluster: string, context: Context): Promise<ServicePlace> {
  const folder = clusterFolder(localFolders(context.env).stateDir, cluster);
  const state = await readState(folder);
  if (state === undefined) {
    throw new SlipwayError(`There is no embedded cluster ${cluster}`, {
      remedy: "make it with `deno task cluster up`",
    });
  }
  return {
    home: { folder, id: state.id, server: serverOf(state) },
    locked: (work) => locked(folder, `cluster ${cluster}`, context, work),
    async asAdmin(work) {
      const { client } = await connect({ kubeconfig: `${folder}/kubeconfig` }, context);
      try {
        return await work(client);
      } finally {
        client.close();
      }
    },
  };
}

/** On the same machine, outside of an embedded cluster: what is there stays when the cluster goes. */
export function outsideCluster(cluster: string, context: Context): ServicePlace {
  const folder = outsideFolder(localFolders(context.env).stateDir, cluster);
  return {
    home: { folder, id: folder },
    locked: (work) => locked(folder, `what stands outside of cluster ${cluster}`, context, work),
    asAdmin: (work) => work(undefined),
  };
}

async function locked<T>(
  folder: string,
  subject: string,
  { signal }: Context,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await takeLock(`${folder}.lock`, { subject, timeoutMs: lockTimeoutMs, signal });
  try {
    return await work();
  } finally {
    lock.release();
  }
}
