import type { WatchEvent } from "../../core/cluster.ts";
import type { KubeObject } from "../../core/object.ts";

/** The objects that a watch has told of, by which it tells what is new. */
export interface WatchCache<T extends KubeObject> {
  /** Take one event of the server; undefined when it says nothing new. */
  take(type: "ADDED" | "MODIFIED" | "DELETED", object: T): WatchEvent<T> | undefined;
  /** Take a whole list, and tell how it differs from what was known. */
  takeList(items: readonly T[]): WatchEvent<T>[];
}

/** Make an empty {@linkcode WatchCache}. */
export function createWatchCache<T extends KubeObject>(): WatchCache<T> {
  const known = new Map<string, T>();

  function put(object: T): WatchEvent<T> | undefined {
    const key = keyOf(object);
    const before = known.get(key);
    known.set(key, object);
    if (before === undefined) return { type: "added", object };
    return before.metadata.resourceVersion === object.metadata.resourceVersion
      ? undefined
      : { type: "modified", object };
  }

  return {
    take(type, object) {
      if (type !== "DELETED") return put(object);
      return known.delete(keyOf(object)) ? { type: "deleted", object } : undefined;
    },
    takeList(items) {
      const listed = new Set(items.map(keyOf));
      const gone = [...known].filter(([key]) => !listed.has(key));
      for (const [key] of gone) known.delete(key);
      return [
        ...gone.map(([, object]): WatchEvent<T> => ({ type: "deleted", object })),
        ...items.map(put).filter((event) => event !== undefined),
      ];
    },
  };
}

/** The UID tells an object from another one that took its name. */
function keyOf({ metadata: { uid, namespace, name } }: KubeObject): string {
  return uid ?? `${namespace ?? ""}/${name}`;
}
