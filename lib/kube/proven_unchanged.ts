import { fieldManager } from "../core/labels.ts";
import type { KubeObject, Manifest } from "../core/object.ts";

type Tree = Record<string, unknown>;

/**
 * Whether the live object's own record proves that applying a manifest would change nothing: the
 * fields that we own are exactly those that the manifest sets, and each has the manifest's value. False
 * does not mean that something would change, only that the server has to be asked.
 *
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath/serialize.go (`f:` a field, `k:` a list item by its
 * keys, `v:` a set's item, `i:` an item by position, `.` the item itself; no children: owned as a whole).
 */
export function isProvenUnchanged(manifest: Manifest, live: KubeObject): boolean {
  const entries = (live.metadata.managedFields ?? []).filter((
    { manager, operation, subresource },
  ) => manager === fieldManager && operation === "Apply" && subresource === undefined);
  const [entry] = entries;
  if (entries.length !== 1 || entry?.apiVersion !== manifest.apiVersion) return false;
  if (live.metadata.deletionTimestamp !== undefined) return false;
  // What identifies an object is not among the fields that anybody owns.
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = manifest;
  const { name: _name, namespace: _namespace, ...owned } = metadata;
  const wanted: Tree = Object.keys(owned).length === 0 ? rest : { ...rest, metadata: owned };
  return sameFields(entry.fieldsV1 ?? {}, wanted, live);
}

function sameFields(owned: Tree, wanted: unknown, live: unknown): boolean {
  const keys = Object.keys(owned).filter((key) => key !== ".");
  if (keys.length === 0) return isDeepEqual(wanted, live);
  if (isTree(wanted) && isTree(live)) return sameMembers(owned, keys, wanted, live);
  if (Array.isArray(wanted) && Array.isArray(live)) return sameItems(owned, keys, wanted, live);
  return false;
}

function sameMembers(owned: Tree, keys: string[], wanted: Tree, live: Tree): boolean {
  return keys.length === Object.keys(wanted).length && keys.every((key) => {
    const name = key.slice(2);
    return key.startsWith("f:") && Object.hasOwn(wanted, name) && Object.hasOwn(live, name) &&
      sameFields(owned[key] as Tree, wanted[name], live[name]);
  });
}

function sameItems(owned: Tree, keys: string[], wanted: unknown[], live: unknown[]): boolean {
  if (keys.length !== wanted.length) return false;
  const places: number[] = [];
  for (const key of keys) {
    const matches = matcherOf(key);
    if (matches === undefined) return false;
    const [ours, ...more] = wanted.flatMap((item, index) => matches(item, true) ? [index] : []);
    const theirs = live.findIndex((item) => matches(item, false));
    if (ours === undefined || more.length > 0 || theirs < 0) return false;
    if (!sameFields(owned[key] as Tree, wanted[ours], live[theirs])) return false;
    places[ours] = theirs;
  }
  return places.length === wanted.length &&
    places.every((place, index) => index === 0 || places[index - 1]! < place);
}

/** Finds the item that a key of a list names. Keys that the manifest leaves to their defaults count as given. */
function matcherOf(key: string): ((item: unknown, mayLack: boolean) => boolean) | undefined {
  const value: unknown = JSON.parse(key.slice(2));
  if (key.startsWith("v:")) return (item) => isDeepEqual(item, value);
  if (!key.startsWith("k:") || !isTree(value)) return undefined;
  return (item, mayLack) =>
    isTree(item) &&
    Object.entries(value).every(([name, wanted]) =>
      item[name] === undefined ? mayLack : isDeepEqual(item[name], wanted)
    );
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]));
  }
  if (isTree(a) && isTree(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(a[key], b[key]));
  }
  return a === b;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
