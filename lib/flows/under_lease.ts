import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import { ensureSystemNamespace } from "../kube/inventory.ts";
import { withLease } from "../kube/lease.ts";
import { currentHolder, hasEnded } from "./holder.ts";

/**
 * Keep a second run away from the same inventory while `work` goes on. The context that `work` gets
 * is the given one, with a signal that is aborted also when the lease is lost.
 */
export async function underLease<T>(
  client: ClusterClient,
  inventory: string,
  context: Context,
  work: (held: Context) => Promise<T>,
): Promise<T> {
  await ensureSystemNamespace(client, { signal: context.signal });
  const holder = await currentHolder(context.env);
  return await withLease(client, {
    id: inventory,
    holder: holder.name,
    holderProcess: holder.process,
    hasEnded,
    now: context.now,
    emit: context.emit,
    signal: context.signal,
  }, (signal) => work({ ...context, signal }));
}
