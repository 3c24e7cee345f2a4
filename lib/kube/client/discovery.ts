import type { ResourceType } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import { groupOf } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import {
  type AggregatedDiscovery,
  aggregatedMediaTypes,
  isAggregated,
  type LegacyResourceList,
  typesOfAggregated,
  typesOfLegacy,
} from "./discovery_documents.ts";
import type { Answer } from "./transport.ts";

/** What a server serves, fetched when it is first asked for. */
export interface Discovery {
  /**
   * The kind as the server serves it, or undefined when it does not.
   *
   * @throws {SlipwayError} when an aggregated API server that might serve it does not answer
   */
  find(apiVersion: string, kind: string): Promise<ResourceType | undefined>;
  /** Versions of a group that are served, as far as is known by now. */
  versionsOf(group: string): string[];
  /** Forget all. */
  forget(): void;
}

/** How discovery reaches the server. */
export interface DiscoveryOptions {
  /** GET a path and read the answer. */
  fetch: (path: string, accept: string) => Promise<Answer>;
  /** A clock that never goes back, in milliseconds. @default performance.now */
  clockMs?: () => number;
  /** Least time between two looks for a kind that was not there, in milliseconds. @default 1_000 */
  missRefreshMs?: number;
}

interface Catalogue {
  fetchedAtMs: number;
  types: Map<string, ResourceType>;
  /** Group versions whose own API server did not answer. */
  stale: Set<string>;
  groupVersions: Set<string>;
  /** Roots (`/api`, `/apis`) that know nothing of the aggregated form. */
  legacy: boolean;
}

/**
 * Discovery with a cache. Aggregated discovery takes two requests for all kinds
 * (kubernetes.io/docs/concepts/overview/kubernetes-api, since 1.30 stable); older
 * servers are asked for each group version as it is needed. Kinds that are missing are
 * looked for again after a moment, since a CRD may have been added meanwhile.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { fetch, clockMs = () => performance.now(), missRefreshMs = 1_000 } = options;
  let known: Promise<Catalogue> | undefined;
  let legacyLists = new Map<string, Promise<ResourceType[] | undefined>>();
  let latest: Catalogue | undefined;

  function catalogue(): Promise<Catalogue> {
    if (known === undefined) {
      const fetching = load();
      known = fetching;
      fetching.then(
        (loaded) => latest = loaded,
        () => {
          if (known === fetching) known = undefined;
        },
      );
    }
    return known;
  }

  async function load(): Promise<Catalogue> {
    const fetchedAtMs = clockMs();
    const answers = await Promise.all(
      ["/api", "/apis"].map((path) => fetch(path, aggregatedMediaTypes)),
    );
    const loaded: Catalogue = {
      fetchedAtMs,
      types: new Map(),
      stale: new Set(),
      groupVersions: new Set(),
      legacy: answers.some(({ contentType }) => !isAggregated(contentType)),
    };
    if (loaded.legacy) return loaded;
    for (const { text } of answers) {
      const document = JSON.parse(text) as AggregatedDiscovery;
      for (const { apiVersion, stale, types } of typesOfAggregated(document)) {
        loaded.groupVersions.add(apiVersion);
        if (stale) loaded.stale.add(apiVersion);
        for (const type of types) loaded.types.set(`${apiVersion}/${type.kind}`, type);
      }
    }
    return loaded;
  }

  function legacyList(apiVersion: string): Promise<ResourceType[] | undefined> {
    let list = legacyLists.get(apiVersion);
    if (list === undefined) {
      list = loadLegacy(apiVersion);
      legacyLists.set(apiVersion, list);
      const lists = legacyLists;
      list.catch(() => lists.delete(apiVersion));
    }
    return list;
  }

  async function loadLegacy(apiVersion: string): Promise<ResourceType[] | undefined> {
    const root = apiVersion.includes("/") ? "/apis/" : "/api/";
    try {
      const { text } = await fetch(root + apiVersion, "application/json");
      return typesOfLegacy(apiVersion, JSON.parse(text) as LegacyResourceList);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async function lookUp(
    { types, legacy }: Catalogue,
    apiVersion: string,
    kind: string,
  ): Promise<ResourceType | undefined> {
    if (!legacy) return types.get(`${apiVersion}/${kind}`);
    return (await legacyList(apiVersion))?.find((type) => type.kind === kind);
  }

  function forget(): void {
    known = undefined;
    legacyLists = new Map();
  }

  return {
    async find(apiVersion, kind) {
      let current = await catalogue();
      let type = await lookUp(current, apiVersion, kind);
      if (type === undefined && clockMs() - current.fetchedAtMs >= missRefreshMs) {
        // Several callers may miss at once; the first one's refresh serves them all.
        if (latest === current) {
          latest = undefined;
          forget();
        }
        current = await catalogue();
        type = await lookUp(current, apiVersion, kind);
      }
      if (type === undefined && current.stale.has(apiVersion)) throw unanswered(apiVersion, kind);
      return type;
    },
    versionsOf: (group) =>
      [...latest?.groupVersions ?? []].filter((apiVersion) => groupOf(apiVersion) === group),
    forget,
  };
}

function unanswered(apiVersion: string, kind: string): SlipwayError {
  return new SlipwayError(
    `Cannot tell whether ${kind} of ${apiVersion} is served: the API server behind ${apiVersion} does not answer`,
    {
      remedy: `look at the APIService of ${apiVersion} and at the pods that serve it`,
      retryable: true,
    },
  );
}

/** A group version that is not served answers 404 without a Status. */
function isNotFound(error: unknown): boolean {
  return hasReason(error, "NotFound", "") && error.status.code === 404;
}
