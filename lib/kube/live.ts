import type { ClusterClient } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import { inventoryLabel } from "../core/labels.ts";
import { keyOf, type KubeObject, type Manifest, refOf } from "../core/object.ts";
import { hasReason } from "../core/status_error.ts";

/** What is on the cluster already. */
export interface Live {
  /** Objects of the inventory, by {@linkcode keyOf}. */
  objects: Map<string, KubeObject>;
  /** Names of all namespaces. */
  namespaces: Set<string>;
}

/**
 * Read what a plan compares with: one list for each kind that the manifests have, by the
 * inventory's label. Kinds that the cluster does not serve, or does not let this user list, are left
 * out; the plan then reads their objects one by one.
 */
export async function readLive(
  client: ClusterClient,
  manifests: readonly Manifest[],
  inventory: string,
  { signal, concurrency, known }: {
    signal?: AbortSignal;
    concurrency: number;
    known: readonly KubeObject[];
  },
): Promise<Live> {
  const readAlready = new Set(["v1/Namespace", ...known.map(nameOfKind)]);
  const kinds = new Map(manifests.map((manifest) => [nameOfKind(manifest), manifest]));
  const labelSelector = `${inventoryLabel}=${inventory}`;
  const reading = mapConcurrently(
    [...kinds].filter(([name]) => !readAlready.has(name)),
    concurrency,
    async ([, { apiVersion, kind }]): Promise<KubeObject[]> => {
      if (await client.resourceType(apiVersion, kind) === undefined) return [];
      try {
        return (await client.list({ apiVersion, kind, labelSelector }, { signal })).items;
      } catch (error) {
        if (hasReason(error, "Forbidden", "MethodNotAllowed", "NotFound")) return [];
        throw error;
      }
    },
  );
  // Waited for together: of two that fail, the second would else have nobody to tell.
  const [namespaces, lists] = await Promise.all([
    listNamespaces(client, manifests, signal),
    reading,
  ]);
  const objects = [...namespaces, ...known, ...lists.flat()];
  return {
    objects: new Map(objects.map((object) => [keyOf(refOf(object)), object])),
    namespaces: new Set(namespaces.map(({ metadata }) => metadata.name)),
  };
}

function nameOfKind({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion}/${kind}`;
}

async function listNamespaces(
  client: ClusterClient,
  manifests: readonly Manifest[],
  signal: AbortSignal | undefined,
): Promise<KubeObject[]> {
  try {
    return (await client.list({ apiVersion: "v1", kind: "Namespace" }, { signal })).items;
  } catch (error) {
    if (!hasReason(error, "Forbidden")) throw error;
    const names = new Set(
      manifests.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined),
    );
    const found = await Promise.all(
      [...names].map((name) =>
        client.get({ apiVersion: "v1", kind: "Namespace", name }, { signal })
      ),
    );
    return found.filter((namespace) => namespace !== undefined);
  }
}
