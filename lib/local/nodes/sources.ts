import type { KubeObject } from "../../core/object.ts";

/** A Secret or a ConfigMap. Source: core/v1 Secret and ConfigMap. */
export interface Source extends KubeObject {
  /** Values by key. */
  data?: Record<string, unknown>;
  /** Further values by key, in a ConfigMap. */
  binaryData?: Record<string, unknown>;
}

/**
 * The keys of a Secret or ConfigMap. Its values are dropped where they stand: the agent has
 * no use for them, and Secrets are not to lie about in its memory or in that of a watch.
 */
export function takeKeys(source: Source): ReadonlySet<string> {
  const keys = new Set([
    ...Object.keys(source.data ?? {}),
    ...Object.keys(source.binaryData ?? {}),
  ]);
  delete source.data;
  delete source.binaryData;
  delete source.metadata.managedFields;
  return keys;
}
