import type { ClusterClient, ListQuery } from "../../core/cluster.ts";
import { messageOf } from "../../core/errors.ts";
import { keyOf, type KubeObject } from "../../core/object.ts";
import { backoffMs, sleepFor } from "../../core/retry.ts";

/** A local view of the objects of a kind, as far as they are looked at. */
export interface Mirror<V> {
  /** One object's view. */
  get(namespace: string | undefined, name: string): V | undefined;
  /** All views. */
  values(): Iterable<V>;
  /** Take over what a write has answered, ahead of the watch, unless the watch was faster. */
  put(object: KubeObject): void;
  /** Settles when the mirror shows all that exists. */
  synced: Promise<void>;
}

/** How to keep a {@linkcode Mirror}. */
export interface MirrorOptions<T extends KubeObject, V> {
  /** Ends the watch. */
  signal: AbortSignal;
  /** What is kept of an object; undefined when it is of no interest. */
  view: (object: T) => V | undefined;
  /** Told after each change, also while the mirror is first filled. */
  changed: (object: T, view: V | undefined) => void;
  /** Told why a watch ended early; it starts again after a while. */
  failed: (message: string) => void;
  /** How to wait. @default a timer that `signal` ends */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Keep a mirror of all objects that a query matches, through lost connections, until the signal is aborted. */
export function mirror<T extends KubeObject, V>(
  client: ClusterClient,
  query: ListQuery,
  options: MirrorOptions<T, V>,
): Mirror<V> {
  const entries = new Map<string, { object: T; view: V }>();
  const { promise: synced, resolve: markSynced } = Promise.withResolvers<void>();
  const key = (namespace: string | undefined, name: string) =>
    keyOf({ ...query, namespace: namespace ?? "", name });
  const keyOfObject = (object: KubeObject) => key(object.metadata.namespace, object.metadata.name);

  const remove = (at: string, object: T) => {
    if (entries.delete(at)) options.changed(object, undefined);
  };
  const set = (object: T) => {
    const at = keyOfObject(object);
    const view = options.view(object);
    if (view === undefined) return remove(at, object);
    entries.set(at, { object: identity(object), view });
    options.changed(object, view);
  };
  void keep();

  return {
    get: (namespace, name) => entries.get(key(namespace, name))?.view,
    *values() {
      for (const { view } of entries.values()) yield view;
    },
    put(object) {
      const known = entries.get(keyOfObject(object));
      if (known === undefined || isNewer(object, known.object)) set(object as T);
    },
    synced,
  };

  async function keep() {
    for (let attempt = 1; !options.signal.aborted; attempt++) {
      try {
        await follow(() => attempt = 0);
      } catch (error) {
        if (options.signal.aborted) return;
        options.failed(`Watching ${query.kind} objects ended early: ${messageOf(error)}`);
      }
      await (options.sleep ?? sleepFor)(backoffMs(Math.max(1, attempt)), options.signal)
        .catch(() => {});
    }
  }

  async function follow(heard: () => void) {
    const seen = new Set<string>();
    let listing = true;
    for await (const event of client.watch<T>(query, { signal: options.signal })) {
      heard();
      if (event.type === "synced") {
        listing = false;
        for (const [at, { object }] of entries) if (!seen.has(at)) remove(at, object);
        seen.clear();
        markSynced();
        continue;
      }
      if (listing) seen.add(keyOfObject(event.object));
      if (event.type === "deleted") remove(keyOfObject(event.object), event.object);
      else set(event.object);
    }
  }
}

/** Source: KEP-5504, comparable resource versions: whole numbers that grow. */
function isNewer(object: KubeObject, than: KubeObject): boolean {
  const version = ({ metadata }: KubeObject) => BigInt(metadata.resourceVersion ?? "0");
  return version(object) > version(than);
}

/** What a later `changed` needs of an object that is gone; the whole of it would be kept for nothing. */
function identity<T extends KubeObject>({ apiVersion, kind, metadata }: T): T {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } } as T;
}
