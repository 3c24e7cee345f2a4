import type { ClusterClient, ListQuery } from "../../core/cluster.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";

/** Objects that one watch follows, kept up to date. */
export interface Collection {
  /** The objects that exist now, by `namespace/name`. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** True once all objects that existed at the start are there. */
  readonly synced: boolean;
  /** Grows with each change. */
  readonly version: number;
  /** What ended the watch, if something did. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** Follows parts of a cluster by watch, each of them once. */
export interface Observer {
  /** Begin to follow what a query matches, or return what already follows it. */
  follow(query: ListQuery): Collection;
  /** Resolves when something has changed since the last call. */
  changed(): Promise<void>;
  /** End all watches. */
  close(): Promise<void>;
}

/** Key of an object within a {@linkcode Collection}. */
export function placeOf(object: Pick<ObjectRef, "namespace" | "name">): string {
  return `${object.namespace ?? ""}/${object.name}`;
}

/** Make an {@linkcode Observer} that follows nothing yet. */
export function observe(client: ClusterClient): Observer {
  const ending = new AbortController();
  const collections = new Map<string, Collection>();
  const watches: Promise<void>[] = [];
  let wake = Promise.withResolvers<void>();

  return {
    follow(query) {
      const key = [query.apiVersion, query.kind, query.namespace, query.fieldSelector].join(" ");
      const known = collections.get(key);
      if (known !== undefined) return known;
      const objects = new Map<string, KubeObject>();
      const collection = { objects, synced: false, version: 0, failure: undefined } as
        & { -readonly [Key in keyof Collection]: Collection[Key] }
        & { objects: Map<string, KubeObject> };
      collections.set(key, collection);
      watches.push(keepUp(client, query, collection, ending.signal, () => wake.resolve()));
      return collection;
    },
    async changed() {
      await wake.promise;
      wake = Promise.withResolvers<void>();
    },
    async close() {
      ending.abort();
      await Promise.all(watches);
    },
  };
}

async function keepUp(
  client: ClusterClient,
  query: ListQuery,
  collection: {
    objects: Map<string, KubeObject>;
    synced: boolean;
    version: number;
    failure: Collection["failure"];
  },
  signal: AbortSignal,
  tell: () => void,
): Promise<void> {
  try {
    for await (const event of client.watch(query, { signal })) {
      collection.version++;
      if (event.type === "synced") collection.synced = true;
      else if (event.type === "deleted") collection.objects.delete(placeOf(event.object.metadata));
      else collection.objects.set(placeOf(event.object.metadata), event.object);
      // Before it is synced a collection says nothing about what is missing.
      if (collection.synced) tell();
    }
  } catch (error) {
    if (signal.aborted) return;
    collection.failure = { error };
    collection.version++;
    tell();
  }
}
