import { SlipwayError } from "../../core/errors.ts";
import type { ResourceType } from "../../core/cluster.ts";

/** Query parameters; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Path of a collection. Without a namespace it is that of all namespaces.
 * Source: kubernetes.io/docs/reference/using-api/api-concepts, resource URIs.
 *
 * @throws {SlipwayError} when a namespace is given for a cluster-scoped kind
 */
export function collectionPath(type: ResourceType, namespace: string | undefined): string {
  const root = type.apiVersion.includes("/")
    ? `/apis/${type.apiVersion}`
    : `/api/${type.apiVersion}`;
  if (namespace === undefined) return `${root}/${type.plural}`;
  if (!type.namespaced) {
    throw new SlipwayError(
      `${type.kind} of ${type.apiVersion} is cluster-scoped, found the namespace "${namespace}"`,
      { remedy: "leave metadata.namespace out" },
    );
  }
  return `${root}/namespaces/${segment(namespace, "namespace")}/${type.plural}`;
}

/**
 * Path of an object, or of a subresource of it.
 *
 * @throws {SlipwayError} when the name is missing, or the namespace does not fit the kind
 */
export function objectPath(
  type: ResourceType,
  { namespace, name }: { namespace?: string; name: string },
  subresource?: string,
): string {
  if (type.namespaced && namespace === undefined) {
    throw new SlipwayError(`${type.kind} ${name} has no namespace, and its kind needs one`, {
      remedy: "set metadata.namespace",
    });
  }
  const path = `${collectionPath(type, namespace)}/${segment(name, "name")}`;
  return subresource === undefined ? path : `${path}/${segment(subresource, "subresource")}`;
}

/** A path with its query. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** One path segment. Dots would be resolved by the URL parser, and reach another object. */
function segment(text: string, what: string): string {
  if (text === "" || text === "." || text === "..") {
    throw new SlipwayError(`Cannot use "${text}" as a ${what}`);
  }
  return encodeURIComponent(text);
}
