import type { ClusterClient, RequestOptions } from "../core/cluster.ts";
import { SlipwayError } from "../core/errors.ts";
import { fieldManager, managedByLabel, systemNamespace } from "../core/labels.ts";
import { keyOf, type KubeObject, type Manifest, type ObjectRef } from "../core/object.ts";

/**
 * The record of all objects that one platform's environment has on a cluster.
 *
 * Stored format: a ConfigMap `inventory-<id>` in the namespace `slipway`, whose key `objects`
 * holds a JSON list of {@linkcode ObjectRef}, sorted by {@linkcode keyOf}. It is written before the first
 * write of an apply with the old and the new objects together, and again after the last
 * with what then exists, so that a crash in between never leaves an object that no record names.
 */
export interface Inventory {
  /** `<platform>.<environment>`; also the value of the label on each object. */
  id: string;
  /** The objects, sorted by key. */
  objects: ObjectRef[];
}

/** The ConfigMap that an inventory is stored in. */
export function inventoryRef(id: string): ObjectRef {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: systemNamespace,
    name: `inventory-${id}`,
  };
}

/**
 * Read an inventory; an empty one when none was written yet.
 *
 * @throws {SlipwayError} when the record cannot be understood; nothing is pruned then
 */
export async function readInventory(
  client: ClusterClient,
  id: string,
  options: RequestOptions = {},
): Promise<Inventory> {
  const stored = await client.get<KubeObject & { data?: Record<string, string> }>(
    inventoryRef(id),
    options,
  );
  if (stored === undefined) return { id, objects: [] };
  return { id, objects: parseObjects(id, stored.data?.["objects"]) };
}

/** Write an inventory; one that names nothing is deleted. */
export async function writeInventory(
  client: ClusterClient,
  inventory: Inventory,
  options: RequestOptions = {},
): Promise<void> {
  if (inventory.objects.length === 0) await client.delete(inventoryRef(inventory.id), options);
  else await client.apply(inventoryManifest(inventory), { ...options, force: true });
}

/** Make the namespace of inventories and leases if it is not there. */
export async function ensureSystemNamespace(
  client: ClusterClient,
  options: RequestOptions = {},
): Promise<void> {
  const ref: ObjectRef = { apiVersion: "v1", kind: "Namespace", name: systemNamespace };
  if (await client.get(ref, options) !== undefined) return;
  await client.apply({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: systemNamespace, labels: { [managedByLabel]: fieldManager } },
  }, options);
}

/** All objects of several lists, each once, sorted by key; where keys agree the later list wins. */
export function unionOf(...lists: readonly (readonly ObjectRef[])[]): ObjectRef[] {
  const byKey = new Map(lists.flat().map((ref) => [keyOf(ref), ref]));
  return [...byKey].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, ref]) => ref);
}

/** Whether two lists name the same objects at the same versions. */
export function sameObjects(a: readonly ObjectRef[], b: readonly ObjectRef[]): boolean {
  return serialize(unionOf(a)) === serialize(unionOf(b));
}

function inventoryManifest({ id, objects }: Inventory): Manifest {
  const ref = inventoryRef(id);
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: {
      name: ref.name,
      namespace: systemNamespace,
      labels: { [managedByLabel]: fieldManager },
    },
    data: { objects: serialize(unionOf(objects)) },
  };
}

function serialize(objects: readonly ObjectRef[]): string {
  const plain = objects.map(({ apiVersion, kind, namespace, name }) => ({
    apiVersion,
    kind,
    namespace,
    name,
  }));
  return JSON.stringify(plain);
}

/**
 * Read the list of objects of an inventory.
 *
 * @throws {SlipwayError} when it is no such list
 */
export function parseObjects(id: string, text: string | undefined): ObjectRef[] {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    if (Array.isArray(parsed) && parsed.every(isRef)) return parsed;
  } catch {
    // Told below, together with records that are JSON but no list of objects.
  }
  const { namespace, name } = inventoryRef(id);
  throw new SlipwayError(
    `Cannot read the inventory of ${id}: key "objects" of ConfigMap ${namespace}/${name} is not a list of objects`,
    {
      remedy:
        `restore the ConfigMap from a backup, or delete it: the next apply records all objects of the platform again, but prunes none that left it before`,
    },
  );
}

function isRef(value: unknown): value is ObjectRef {
  const ref = value as Partial<ObjectRef> | null;
  return typeof ref === "object" && ref !== null && typeof ref.apiVersion === "string" &&
    typeof ref.kind === "string" && typeof ref.name === "string" &&
    (ref.namespace === undefined || typeof ref.namespace === "string");
}
