import type { ResourceType } from "../../core/cluster.ts";

/** Media types of aggregated discovery, newest first; plain JSON is what older servers answer with. */
export const aggregatedMediaTypes: string = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

/** Whether an answer is in the aggregated form. */
export function isAggregated(contentType: string): boolean {
  return contentType.includes("as=APIGroupDiscoveryList");
}

/** What `/api` and `/apis` answer. Source: k8s.io/api, apidiscovery/v2 APIGroupDiscoveryList. */
export interface AggregatedDiscovery {
  /** Groups. */
  items?: {
    /** Its name is the group's; absent for the core group. */
    metadata?: { name?: string };
    /** Versions that are served. */
    versions?: {
      /** Version, such as `v1`. */
      version: string;
      /** `Stale` when the group's own API server did not answer. */
      freshness?: string;
      /** Its resources. */
      resources?: {
        /** Plural name. */
        resource: string;
        /** Kind of its objects. */
        responseKind?: { kind?: string };
        /** `Namespaced` or `Cluster`. */
        scope: string;
        /** What may be done with it. */
        verbs?: string[];
      }[];
    }[];
  }[];
}

/** The kinds of one group version. */
export interface GroupVersionTypes {
  /** Group and version. */
  apiVersion: string;
  /** Whether the group's own API server did not answer. */
  stale: boolean;
  /** The kinds. */
  types: ResourceType[];
}

/** The kinds in an aggregated discovery document. */
export function typesOfAggregated({ items = [] }: AggregatedDiscovery): GroupVersionTypes[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.map(({ version, freshness, resources = [] }) => {
      const apiVersion = metadata?.name ? `${metadata.name}/${version}` : version;
      return {
        apiVersion,
        stale: freshness === "Stale",
        types: resources.map(({ resource, responseKind, scope, verbs = [] }) => ({
          apiVersion,
          kind: responseKind?.kind ?? "",
          plural: resource,
          namespaced: scope === "Namespaced",
          verbs,
        })),
      };
    })
  );
}

/** What `/apis/<group>/<version>` answers. Source: k8s.io/apimachinery, meta/v1 APIResourceList. */
export interface LegacyResourceList {
  /** Resources and, with a slash in their names, subresources. */
  resources?: {
    /** Plural name. */
    name: string;
    /** Kind of its objects. */
    kind: string;
    /** Whether its objects live in namespaces. */
    namespaced: boolean;
    /** What may be done with it. */
    verbs?: string[];
  }[];
}

/** The kinds in a legacy discovery document. */
export function typesOfLegacy(
  apiVersion: string,
  { resources = [] }: LegacyResourceList,
): ResourceType[] {
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, kind, namespaced, verbs = [] }) => ({
      apiVersion,
      kind,
      plural: name,
      namespaced,
      verbs,
    }));
}
