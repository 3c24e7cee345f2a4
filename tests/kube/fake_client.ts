import type {
  ApplyOptions,
  ClusterClient,
  ListQuery,
  LogOptions,
  PatchOptions,
  WatchEvent,
  WriteOptions,
} from "../../lib/core/cluster.ts";
import { keyOf, type KubeObject, type ObjectRef, refOf, subjectOf } from "../../lib/core/object.ts";
import { StatusError } from "../../lib/core/status_error.ts";

/** A cluster in memory, with means to push changes into it and to see what was asked of it. */
export interface FakeClient extends ClusterClient {
  /** All calls so far, such as `get Pod shop/web` or `watch Pod shop`. */
  readonly calls: readonly string[];
  /** Watches that are open now, as in `calls`. */
  readonly openWatches: readonly string[];
  /** Put an object as it is, as a controller would; returns it with uid and resourceVersion. */
  set(object: KubeObject): KubeObject;
  /** Take an object away at once, finalizers or not. */
  remove(ref: ObjectRef): void;
  /** Give a container a log. */
  setLog(pod: { namespace: string; name: string }, text: string, options?: LogOptions): void;
  /** Make all calls whose text matches fail, and end the open watches that match, until `error` is undefined. */
  fail(pattern: RegExp, error: Error | undefined): void;
}

interface Watcher {
  call: string;
  query: ListQuery;
  events: (WatchEvent | { error: Error })[];
  seen: Set<string>;
  wake: PromiseWithResolvers<void>;
}

const clusterScoped = new Set(["CustomResourceDefinition", "Namespace", "Node", "StorageClass"]);

/** Make a {@linkcode FakeClient}. Kinds count as namespaced when an object of theirs has a namespace. */
export function createFakeClient(objects: readonly KubeObject[] = []): FakeClient {
  const store = new Map<string, KubeObject>();
  const logs = new Map<string, string>();
  const failures = new Map<string, { pattern: RegExp; error: Error }>();
  const watchers = new Set<Watcher>();
  const calls: string[] = [];
  let version = 0;

  const call = (text: string) => {
    calls.push(text);
    for (const { pattern, error } of failures.values()) if (pattern.test(text)) throw error;
  };
  const push = (watcher: Watcher, event: Watcher["events"][number]) => {
    watcher.events.push(event);
    watcher.wake.resolve();
  };
  const tell = (object: KubeObject, isThere: boolean) => {
    const key = keyOf(refOf(object));
    for (const watcher of watchers) {
      if (!isOfKind(object, watcher.query)) continue;
      const wasSeen = watcher.seen.has(key);
      if (isThere && matches(object, watcher.query)) {
        watcher.seen.add(key);
        push(watcher, { type: wasSeen ? "modified" : "added", object: structuredClone(object) });
      } else if (wasSeen) {
        watcher.seen.delete(key);
        push(watcher, { type: "deleted", object: structuredClone(object) });
      }
    }
  };
  const set = (object: KubeObject): KubeObject => {
    const before = store.get(keyOf(refOf(object)));
    const stored = structuredClone(object);
    stored.metadata.uid ??= before?.metadata.uid ?? `uid-${++version}`;
    stored.metadata.resourceVersion = String(++version);
    store.set(keyOf(refOf(stored)), stored);
    tell(stored, true);
    return structuredClone(stored);
  };
  const remove = (ref: ObjectRef) => {
    const object = store.get(keyOf(ref));
    if (object === undefined) return;
    store.delete(keyOf(ref));
    tell(object, false);
  };
  const find = (query: ListQuery) =>
    [...store.values()].filter((object) => isOfKind(object, query) && matches(object, query))
      .map((object) => structuredClone(object));
  const mustHave = (ref: ObjectRef, tried: string): KubeObject => {
    const object = store.get(keyOf(ref));
    if (object !== undefined) return structuredClone(object);
    throw refusal(tried, 404, "NotFound", `${ref.kind} "${ref.name}" not found`);
  };

  for (const object of objects) set(object);

  return {
    server: "https://fake.invalid",
    calls,
    get openWatches() {
      return [...watchers].map((watcher) => watcher.call);
    },
    set,
    remove,
    setLog(pod, text, options = {}) {
      logs.set(logKey(pod, options), text);
    },
    fail(pattern, error) {
      if (error === undefined) {
        failures.delete(pattern.source);
        return;
      }
      failures.set(pattern.source, { pattern, error });
      for (const watcher of watchers) if (pattern.test(watcher.call)) push(watcher, { error });
    },
    get: <T extends KubeObject>(ref: ObjectRef) =>
      Promise.try(() => {
        call(`get ${subjectOf(ref)}`);
        return structuredClone(store.get(keyOf(ref))) as T | undefined;
      }),
    list: <T extends KubeObject>(query: ListQuery) =>
      Promise.try(() => {
        call(`list ${describe(query)}`);
        return { items: find(query) as T[], resourceVersion: String(version) };
      }),
    async *watch<T extends KubeObject>(query: ListQuery, { signal }: { signal: AbortSignal }) {
      const text = `watch ${describe(query)}`;
      call(text);
      const existing = find(query);
      const watcher: Watcher = {
        call: text,
        query,
        events: [
          ...existing.map((object): WatchEvent => ({ type: "added", object })),
          { type: "synced" },
        ],
        seen: new Set(existing.map((object) => keyOf(refOf(object)))),
        wake: Promise.withResolvers(),
      };
      const onAbort = () => watcher.wake.resolve();
      signal.addEventListener("abort", onAbort);
      watchers.add(watcher);
      try {
        while (!signal.aborted) {
          const event = watcher.events.shift();
          if (event === undefined) {
            await watcher.wake.promise;
            watcher.wake = Promise.withResolvers();
          } else if ("error" in event) throw event.error;
          else yield event as WatchEvent<T>;
        }
      } finally {
        watchers.delete(watcher);
        signal.removeEventListener("abort", onAbort);
      }
    },
    apply: <T extends KubeObject>(manifest: KubeObject, options: ApplyOptions = {}) =>
      Promise.try(() => {
        call(`apply ${subjectOf(refOf(manifest))}${options.dryRun ? " (dry run)" : ""}`);
        const before = store.get(keyOf(refOf(manifest)));
        const after = before === undefined ? structuredClone(manifest) : merge(before, manifest);
        return (options.dryRun ? after : set(after as KubeObject)) as T;
      }),
    create: <T extends KubeObject>(manifest: KubeObject, options: WriteOptions = {}) =>
      Promise.try(() => {
        const tried = `create ${subjectOf(refOf(manifest))}`;
        call(tried);
        if (store.has(keyOf(refOf(manifest)))) {
          throw refusal(tried, 409, "AlreadyExists", `"${manifest.metadata.name}" already exists`);
        }
        return (options.dryRun ? structuredClone(manifest) : set(manifest)) as T;
      }),
    replace: <T extends KubeObject>(object: KubeObject, options: WriteOptions = {}) =>
      Promise.try(() => {
        const tried = `replace ${subjectOf(refOf(object))}`;
        call(tried);
        const before = mustHave(refOf(object), tried);
        const { resourceVersion } = object.metadata;
        if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
          throw refusal(tried, 409, "Conflict", "the object has been modified");
        }
        return (options.dryRun ? structuredClone(object) : set(object)) as T;
      }),
    patch: <T extends KubeObject>(ref: ObjectRef, body: unknown, options: PatchOptions = {}) =>
      Promise.try(() => {
        const tried = `patch ${subjectOf(ref)}`;
        call(tried);
        if (options.type === "json") throw new TypeError("the fake client has merge patches only");
        const after = merge(mustHave(ref, tried), body) as KubeObject;
        return (options.dryRun ? after : set(after)) as T;
      }),
    delete: (ref, options = {}) =>
      Promise.try(() => {
        const tried = `delete ${subjectOf(ref)}`;
        call(tried);
        const object = store.get(keyOf(ref));
        if (object === undefined) return false;
        if (options.uid !== undefined && options.uid !== object.metadata.uid) {
          throw refusal(tried, 409, "Conflict", "the UID in the precondition does not match");
        }
        if (options.dryRun) return true;
        if ((object.metadata.finalizers ?? []).length === 0) remove(ref);
        else {
          const deletionTimestamp = "2026-01-01T00:00:00Z";
          set({ ...object, metadata: { ...object.metadata, deletionTimestamp } });
        }
        return true;
      }),
    evict: (pod) =>
      Promise.try(() => {
        call(`evict Pod ${pod.namespace}/${pod.name}`);
        remove({ apiVersion: "v1", kind: "Pod", ...pod });
      }),
    requestToken: (account) =>
      Promise.try(() => {
        call(`requestToken ServiceAccount ${account.namespace}/${account.name}`);
        return { token: "fake-token", expiresAt: "2999-01-01T00:00:00Z" };
      }),
    mayI: (question) =>
      Promise.try(() => {
        call(`mayI ${question.verb} ${question.resource}`);
        return true;
      }),
    proxy: ({ namespace, name }, { method, path }) =>
      Promise.try(() => {
        call(`proxy ${namespace}/${name} ${method} ${path}`);
        return { status: 404, headers: new Headers(), body: new Blob([]).stream() };
      }),
    exec: ({ namespace, name }, { argv }) =>
      Promise.try(() => {
        const tried = `exec ${namespace}/${name} ${argv.join(" ")}`;
        call(tried);
        throw refusal(tried, 404, "NotFound", `pods "${name}" not found`);
      }),
    logs: (pod, options = {}) =>
      Promise.try(() => {
        const tried = `logs ${pod.namespace}/${pod.name}${options.previous ? " (previous)" : ""}`;
        call(tried);
        const text = logs.get(logKey(pod, options));
        if (text === undefined) throw refusal(tried, 400, "BadRequest", "no log is available");
        return text.split("\n").slice(-(options.tailLines ?? Infinity)).join("\n");
      }),
    resourceType: (apiVersion, kind) =>
      Promise.try(() => {
        call(`resourceType ${apiVersion} ${kind}`);
        const example = [...store.values()].find((object) => object.kind === kind);
        return {
          apiVersion,
          kind,
          plural: `${kind.toLowerCase()}s`,
          namespaced: example?.metadata.namespace !== undefined || !clusterScoped.has(kind),
          verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
        };
      }),
    forgetDiscovery() {},
    read: (path) =>
      Promise.try(() => {
        call(`read ${path}`);
        return "ok";
      }),
    close() {},
  };
}

function refusal(tried: string, code: number, reason: string, message: string): StatusError {
  return new StatusError(tried, { code, reason, message });
}

function logKey(pod: { namespace: string; name: string }, options: LogOptions): string {
  return [pod.namespace, pod.name, options.container ?? "", options.previous ?? false].join(" ");
}

function describe({ kind, namespace, labelSelector, fieldSelector }: ListQuery): string {
  return [kind, namespace, labelSelector, fieldSelector].filter((part) => part !== undefined)
    .join(" ");
}

function isOfKind(object: KubeObject, query: ListQuery): boolean {
  return object.apiVersion === query.apiVersion && object.kind === query.kind &&
    (query.namespace === undefined || object.metadata.namespace === query.namespace);
}

/** Equality requirements of both selectors; set-based ones are not known here. */
function matches(object: KubeObject, { labelSelector, fieldSelector }: ListQuery): boolean {
  const hold = (selector: string | undefined, read: (key: string) => unknown) =>
    (selector ?? "").split(",").filter((part) => part !== "").every((part) => {
      const [, key, operator, value] = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(part) ?? [];
      if (key === undefined) return read(part) !== undefined;
      return (String(read(key) ?? "") === value) === (operator !== "!=");
    });
  return hold(labelSelector, (key) => object.metadata.labels?.[key]) &&
    hold(fieldSelector, (path) =>
      path.split(".").reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        object,
      ));
}

/** RFC 7386 merge patch. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    return structuredClone(patch);
  }
  const isRecord = typeof target === "object" && target !== null && !Array.isArray(target);
  const merged: Record<string, unknown> = isRecord ? structuredClone(target) as never : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
