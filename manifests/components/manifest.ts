import type { Manifest, ObjectMeta } from "../../lib/core/object.ts";

/** Any typed object of the API. */
export interface ApiObject {
  /** Group and version. */
  apiVersion: string;
  /** Kind. */
  kind: string;
}

/**
 * A manifest from a typed literal: fields that the type does not know fail the type check.
 * Fields that are undefined are left out.
 *
 * @example
 * ```ts
 * define<ConfigMap>({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: {} });
 * ```
 */
export function define<T extends ApiObject>(object: T & { metadata: ObjectMeta }): Manifest {
  return withoutUndefined(object) as Manifest;
}

/** What is built of each thing of a section, in the section's order. */
export function each<T>(
  section: Readonly<Record<string, T>>,
  build: (name: string, options: T) => Manifest[],
): Manifest[] {
  return Object.entries(section).flatMap(([name, options]) => build(name, options));
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, withoutUndefined(field)]),
  );
}
