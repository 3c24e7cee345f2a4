import assert from "node:assert/strict";
import type { KubeObject, Manifest } from "../../lib/core/object.ts";

/** The one manifest of a kind and name, `namespace/name` where it has a namespace. */
// deno-lint-ignore no-explicit-any -- tests look deep into objects of many kinds
export function find(manifests: readonly Manifest[], kind: string, name: string): any {
  const found = manifests.filter((manifest) => manifest.kind === kind && nameOf(manifest) === name);
  assert.equal(found.length, 1, `${kind} ${name}: found ${found.length}`);
  return found[0];
}

/** Names of all manifests of a kind. */
export function namesOf(manifests: readonly Manifest[], kind: string): string[] {
  return manifests.filter((manifest) => manifest.kind === kind).map(nameOf);
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}
