import type { ClusterClient } from "../../core/cluster.ts";
import { keyOf, type ObjectRef, subjectOf } from "../../core/object.ts";
import { StatusError } from "../../core/status_error.ts";
import { type Collection, observe, placeOf } from "./observe.ts";
import { heldBy, isBeingDeleted } from "../ready/deletion.ts";
import type { WaitOptions } from "./look.ts";
import { pauses } from "./pause.ts";
import type { WaitedObject, WaitResult } from "./result.ts";

interface Entry {
  ref: ObjectRef;
  collection: Collection;
  uid?: string;
  state: WaitedObject["state"];
  because: string;
}

/**
 * Wait by watch until none of the objects exists, and name what holds those that stay. An object that was made anew
 * under the same name counts as gone, and so does one whose kind is no longer served.
 *
 * @throws {Interrupted} when `signal` is aborted, unless a deadline aborted it, which counts as a time-out
 * @throws what ended a watch for good, such as a refused login
 */
export async function waitUntilGone(
  client: ClusterClient,
  refs: readonly ObjectRef[],
  options: Pick<WaitOptions, "timeoutMs" | "now" | "signal" | "sleep" | "emit">,
): Promise<WaitResult> {
  const observer = observe(client);
  const startedMs = options.now().epochMilliseconds;
  const unique = [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()];
  const entries = unique.map((ref): Entry => {
    const { apiVersion, kind, namespace } = ref;
    const collection = observer.follow({
      apiVersion,
      kind,
      ...(namespace === undefined ? {} : { namespace }),
    });
    return {
      ref,
      collection,
      state: "waiting",
      because: "the API server has not told its state yet",
    };
  });
  const hasLooked = () => entries.every(({ collection }) => collection.synced);
  try {
    for await (const _ of pauses(observer, options, () => Infinity, hasLooked)) {
      for (const entry of entries) {
        const { state, because } = look(entry);
        if (state === entry.state && because === entry.because) continue;
        entry.state = state;
        entry.because = because;
        options.emit?.({ type: "wait", subject: subjectOf(entry.ref), state, because });
      }
      if (entries.every(({ state }) => state === "ready")) break;
    }
  } finally {
    await observer.close();
  }
  return {
    aim: "gone",
    outcome: entries.every(({ state }) => state === "ready") ? "done" : "timedOut",
    objects: entries.map(({ ref, state, because }) => ({ ref, state, because, causes: [] })),
    durationMs: options.now().epochMilliseconds - startedMs,
  };
}

function look(entry: Entry): { state: "ready" | "waiting"; because: string } {
  const { collection, ref } = entry;
  if (collection.failure !== undefined) {
    const { error } = collection.failure;
    if (!(error instanceof StatusError) || error.status.code !== 404) throw error;
    return { state: "ready", because: "is gone, and its kind too" };
  }
  if (!collection.synced) return { state: "waiting", because: entry.because };
  const object = collection.objects.get(placeOf(ref));
  if (object === undefined) return { state: "ready", because: "is gone" };
  const { uid } = object.metadata;
  if (entry.uid !== undefined && uid !== entry.uid) {
    return { state: "ready", because: "is gone, and another of its name was made" };
  }
  if (uid !== undefined) entry.uid = uid;
  if (!isBeingDeleted(object)) {
    return { state: "waiting", because: "exists, and nobody deletes it" };
  }
  return { state: "waiting", because: heldBy(object) ?? "is being deleted" };
}
