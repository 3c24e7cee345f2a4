import type { ListQuery, ObjectList, WatchEvent } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { backoffMs, sleepFor } from "../../core/retry.ts";
import { type Status, StatusError } from "../../core/status_error.ts";
import { openWatchStream, type WatchOpener } from "./watch_stream.ts";
import { createWatchCache } from "./watch_cache.ts";
import { askedDelayMs } from "./status_answer.ts";

/** What {@linkcode watchObjects} needs of a client. */
export interface WatchDependencies<T extends KubeObject> {
  /** What is watched, as messages name it: `watch Pods in shop`. */
  tried: string;
  /** List all objects of the query. */
  list: (signal: AbortSignal) => Promise<ObjectList<T>>;
  /** Open a watch from a resourceVersion. */
  open: WatchOpener;
}

/** Times of a watch; tests shorten them. */
export interface WatchTimes {
  /** Silence after which a stream counts as dead, in milliseconds; bookmarks come each minute. @default 90_000 */
  idleMs?: number;
  /** Time without any success after which a watch fails, in milliseconds. @default 300_000 */
  giveUpMs?: number;
  /** First wait before a new connection, in milliseconds. @default 200 */
  firstDelayMs?: number;
  /** A random number in [0, 1). @default Math.random */
  random?: () => number;
}

/** Longest wait before a new connection, in milliseconds. */
const maxDelayMs = 10_000;

/**
 * Follow objects: list, then watch from there, again and again, until the signal is
 * aborted. See {@linkcode WatchEvent} for what it promises.
 * Source: kubernetes.io/docs/reference/using-api/api-concepts, efficient detection of changes.
 *
 * @throws {SlipwayError} when the first list fails, when the server refuses for good
 * (no right, no such kind), or when nothing succeeded for `giveUpMs`
 */
export async function* watchObjects<T extends KubeObject>(
  { tried, list, open }: WatchDependencies<T>,
  signal: AbortSignal,
  times: WatchTimes = {},
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { idleMs = 90_000, giveUpMs = 300_000, firstDelayMs = 200, random = Math.random } = times;
  const cache = createWatchCache<T>();
  let resourceVersion: string | undefined;
  let synced = false;
  let failures = 0;
  let failingSince: number | undefined;
  const onAnswer = () => failingSince = undefined;

  while (!signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const listed = await list(signal);
        yield* cache.takeList(listed.items);
        if (!synced) yield { type: "synced" };
        synced = true;
        resourceVersion = listed.resourceVersion;
        onAnswer();
      }
      const openedAt = performance.now();
      const stream = openWatchStream(open, resourceVersion, { idleMs, signal, onAnswer });
      for await (const { type, object } of stream) {
        if (type === "ERROR") throw new StatusError(tried, object as unknown as Status);
        failures = 0;
        resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
        const event = type === "BOOKMARK" ? undefined : cache.take(type, object as T);
        if (event !== undefined) yield event;
      }
      // A server that ends each stream at once must not be asked without a pause.
      failures = performance.now() - openedAt < 1_000 ? failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      failingSince ??= performance.now();
      const hopeless = performance.now() - failingSince > giveUpMs;
      if (isGone(error)) resourceVersion = undefined;
      else if (!synced || !mayComeBack(error) || hopeless) throw error;
      const asked = askedDelayMs(error);
      if (asked !== undefined && !await waited(asked, signal)) return;
    }
    if (failures > 0) {
      const options = { firstDelayMs, maxDelayMs, random };
      if (!await waited(backoffMs(failures, options), signal)) return;
    }
  }
}

/** How messages name what a query is about: `Pod in shop`. */
export function subjectOfQuery({ kind, namespace }: ListQuery): string {
  return namespace === undefined ? kind : `${kind} in ${namespace}`;
}

/** The server has forgotten the resourceVersion. */
function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.status.code === 410;
}

function mayComeBack(error: unknown): boolean {
  return error instanceof SlipwayError && error.retryable;
}

/** Wait; false when the signal was aborted meanwhile. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleepFor(ms, signal);
    return true;
  } catch {
    return false;
  }
}
