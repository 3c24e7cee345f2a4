import type { ClusterClient, RequestOptions } from "../core/cluster.ts";
import { inventoryLabel, sharedAnnotation, systemNamespace } from "../core/labels.ts";
import { keyOf, type KubeObject, type Manifest, type ObjectRef, refOf } from "../core/object.ts";
import { inventoryRef, parseObjects } from "./inventory.ts";

/** Whether an object that is on the cluster already may be applied: `ours` may, `left` is fine as it is. */
export type Ownership =
  | { kind: "ours" }
  | { kind: "left"; because: string }
  | { kind: "conflict"; because: string; remedy: string };

/** Inventories that name an object, other than the one at work. */
export type NamedBy = (ref: ObjectRef) => Promise<readonly string[]>;

/**
 * Whether an inventory may apply a manifest over a live object that another one may have brought. A manifest
 * that is marked as shared leaves the object to whoever came first, for as long as that one names it.
 */
export async function ownershipOf(
  manifest: Manifest,
  live: KubeObject,
  inventory: string,
  namedBy: NamedBy,
): Promise<Ownership> {
  const owner = live.metadata.labels?.[inventoryLabel];
  if (owner === undefined || owner === inventory) return { kind: "ours" };
  const isNamed = (await namedBy(refOf(manifest))).includes(owner);
  if (!isNamed) return { kind: "ours" };
  if (isShared(manifest)) return { kind: "left", because: `shared; ${owner} brought it` };
  return {
    kind: "conflict",
    because: `it belongs to the inventory ${owner}`,
    remedy: `give one of the two another name or namespace; or list it under \`shared\` in both ` +
      `platform files, and it stays as ${owner} brought it`,
  };
}

/** Whether several inventories may name an object. */
export function isShared({ metadata: { annotations } }: Manifest | KubeObject): boolean {
  return annotations?.[sharedAnnotation] === "true";
}

/** Look up who else names an object; the records are read once, when first asked. */
export function otherInventories(
  client: ClusterClient,
  inventory: string,
  options: RequestOptions,
): NamedBy {
  let records: Promise<Map<string, string[]>> | undefined;
  return async (ref) => {
    records ??= readOthers(client, inventory, options);
    return (await records).get(keyOf(ref)) ?? [];
  };
}

async function readOthers(
  client: ClusterClient,
  inventory: string,
  options: RequestOptions,
): Promise<Map<string, string[]>> {
  const { items } = await client.list<KubeObject & { data?: Record<string, string> }>(
    { apiVersion: "v1", kind: "ConfigMap", namespace: systemNamespace },
    options,
  );
  const prefix = inventoryRef("").name;
  const named = new Map<string, string[]>();
  for (const { metadata: { name }, data } of items) {
    const id = name.slice(prefix.length);
    if (!name.startsWith(prefix) || id === inventory) continue;
    for (const ref of parseObjects(id, data?.["objects"])) {
      const key = keyOf(ref);
      named.set(key, [...named.get(key) ?? [], id]);
    }
  }
  return named;
}
