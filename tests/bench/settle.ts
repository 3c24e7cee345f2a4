import type { ClusterClient, ListQuery } from "../../lib/core/cluster.ts";
import type { KubeObject, Manifest } from "../../lib/core/object.ts";

/**
 * Wait until the controllers have done with what was applied to a namespace: each Deployment is there with
 * its latest state observed, and each Service has its EndpointSlice.
 */
export async function untilSettled(
  client: ClusterClient,
  namespace: string,
  manifests: readonly Manifest[],
  signal: AbortSignal,
): Promise<void> {
  const count = (wanted: string) => manifests.filter(({ kind }) => kind === wanted).length;
  const deployments = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const slices = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace };
  await Promise.all([
    untilAll(
      client,
      deployments,
      (found) => found.length === count("Deployment") && found.every(isObserved),
      signal,
    ),
    untilAll(client, slices, (found) => found.length === count("Service"), signal),
  ]);
}

/** Delete a namespace with all that is in it, and wait until it is gone. */
export async function removeNamespace(
  client: ClusterClient,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await client.delete({ apiVersion: "v1", kind: "Namespace", name }, { signal });
  const query = { apiVersion: "v1", kind: "Namespace", fieldSelector: `metadata.name=${name}` };
  await untilAll(client, query, (objects) => objects.length === 0, signal);
}

async function untilAll(
  client: ClusterClient,
  query: ListQuery,
  isDone: (objects: KubeObject[]) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const objects = new Map<string, KubeObject>();
  const ending = new AbortController();
  const watching = { signal: AbortSignal.any([signal, ending.signal]) };
  let synced = false;
  for await (const event of client.watch(query, watching)) {
    if (event.type === "synced") synced = true;
    else if (event.type === "deleted") objects.delete(event.object.metadata.name);
    else objects.set(event.object.metadata.name, event.object);
    if (synced && isDone([...objects.values()])) break;
  }
  ending.abort();
  signal.throwIfAborted();
}

function isObserved({ metadata, status }: KubeObject): boolean {
  const { observedGeneration } = (status ?? {}) as { observedGeneration?: number };
  return observedGeneration === metadata.generation;
}
