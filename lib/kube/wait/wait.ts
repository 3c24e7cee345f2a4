import type { ClusterClient } from "../../core/cluster.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import { keyOf, type ObjectRef, subjectOf } from "../../core/object.ts";
import { diagnose, fetchFamily } from "../diagnose/diagnose.ts";
import { defaultGraceMs } from "../diagnose/cause.ts";
import type { Family } from "../diagnose/workload.ts";
import { observe, type Observer } from "./observe.ts";
import { isReadyOnceApplied, verdictOf } from "../ready/verdict_of.ts";
import { relatedOf } from "./family.ts";
import { type Entry, isLookedAt, look, tell, type WaitOptions } from "./look.ts";
import { pauses } from "./pause.ts";
import type { WaitResult } from "./result.ts";
import { inOneLine } from "./verdict.ts";

export type { WaitOptions } from "./look.ts";
export { throwIfNotReady, type WaitedObject, type WaitResult } from "./result.ts";
export { waitUntilGone } from "./gone.ts";

/**
 * Wait by watch until all objects are ready at the same time. Ends early when one of them cannot become ready by
 * itself, and then tells what is known of all. Does not throw for objects that are not ready: see `throwIfNotReady`.
 *
 * @throws {Interrupted} when `signal` is aborted, unless a deadline aborted it, which counts as a time-out
 * @throws what ended a watch for good, such as a refused login
 */
export async function waitUntilReady(
  client: ClusterClient,
  refs: readonly ObjectRef[],
  options: WaitOptions,
): Promise<WaitResult> {
  const observer = observe(client);
  const startedMs = options.now().epochMilliseconds;
  const time = { startedMs, graceMs: { ...defaultGraceMs, ...options.graceMs } };
  const entries = begin(observer, refs, options);
  let outcome: WaitResult["outcome"] = "done";
  try {
    const hasLooked = () => entries.every(isLookedAt);
    for await (const nowMs of pauses(observer, options, () => nextDue(entries), hasLooked)) {
      for (const entry of entries) look(entry, observer, { ...time, nowMs }, options);
      if (!hasLooked()) continue;
      if (entries.some(({ state }) => state === "failed")) {
        outcome = "failed";
        // The grace of what is in lasting trouble too ends with the wait.
        for (const entry of entries) {
          if (entry.trouble.size > 0) tell(entry, "failed", entry.because, options);
        }
        break;
      }
      if (entries.every(({ state }) => state === "ready" || state === "admitted")) break;
    }
    if (entries.some(({ state }) => state === "waiting") && outcome !== "failed") {
      outcome = "timedOut";
    }
  } finally {
    await observer.close();
  }
  if (outcome !== "done") await explain(client, entries, options);
  return {
    aim: "ready",
    outcome,
    objects: entries.map(({ ref, state, because, causes }) => ({ ref, state, because, causes })),
    durationMs: options.now().epochMilliseconds - startedMs,
  };
}

function begin(
  observer: Observer,
  refs: readonly ObjectRef[],
  options: WaitOptions,
): Entry[] {
  const unique = [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()];
  return unique.map((ref): Entry => {
    const settled = settledState(ref, options);
    if (settled !== undefined) {
      options.emit?.({ type: "wait", subject: subjectOf(ref), ...settled });
      return { ref, collection: undefined, ...settled, causes: [], trouble: new Map() };
    }
    const { apiVersion, kind, namespace } = ref;
    const siblings = unique.filter((other) =>
      other.apiVersion === apiVersion && other.kind === kind && other.namespace === namespace
    );
    const collection = observer.follow({
      apiVersion,
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      // A family's kinds are followed whole, so that the wait and the diagnosis share one watch.
      ...(siblings.length === 1 && kind !== "Pod" && kind !== "ReplicaSet"
        ? { fieldSelector: `metadata.name=${ref.name}` }
        : {}),
    });
    const because = "the API server has not told its state yet";
    return { ref, collection, state: "waiting", because, causes: [], trouble: new Map() };
  });
}

/** What is known of an object without looking at it. */
function settledState(
  ref: ObjectRef,
  { admitted, justApplied }: WaitOptions,
): Pick<Entry, "state" | "because"> | undefined {
  if (admitted?.(ref)) {
    return { state: "admitted", because: "admitted; nothing in this cluster acts on it" };
  }
  return justApplied && isReadyOnceApplied(ref)
    ? { state: "ready", because: "applied" }
    : undefined;
}

function nextDue(entries: readonly Entry[]): number {
  return Math.min(Infinity, ...entries.map(({ seen }) => seen?.dueMs ?? Infinity));
}

/** Look closer, with logs and claims, at all that is not ready. */
async function explain(
  client: ClusterClient,
  entries: readonly Entry[],
  { signal, crashLoopRestarts, emit }: WaitOptions,
): Promise<void> {
  const families = new Map<string, Promise<Family>>();
  const unready = entries.filter(({ state }) => state === "failed" || state === "waiting");
  const diagnosis = {
    ...(crashLoopRestarts === undefined ? {} : { crashLoopRestarts }),
    // A deadline that has passed must not keep its own explanation from being looked up.
    ...(signal === undefined || signal.aborted ? {} : { signal }),
  };
  try {
    await mapConcurrently(unready, 4, async (entry) => {
      if (entry.object === undefined || entry.because === "was deleted") return;
      const namespace = entry.ref.namespace ?? "default";
      const family = families.get(namespace) ?? fetchFamily(client, namespace, diagnosis);
      families.set(namespace, family);
      const causes = await diagnose(client, entry.object, { ...diagnosis, family: await family });
      if (causes.length > 0) entry.causes = causes;
      const beside = entry.seen?.family;
      const related = beside === undefined ? {} : relatedOf(entry.object, beside);
      const verdict = verdictOf(entry.object, related);
      tell(entry, entry.state, inOneLine(verdict.because, entry.causes), { emit });
    });
  } catch (error) {
    // Interrupted while explaining: what is known already is worth more than an error without it.
    if (!signal?.aborted) throw error;
  }
}
