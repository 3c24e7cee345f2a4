import type { ClusterClient } from "../../core/cluster.ts";
import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { type KubeObject, type ObjectRef, subjectOf } from "../../core/object.ts";
import { formatDuration } from "../../core/units.ts";
import type { Verdict } from "../ready/verdict.ts";
import { observe, placeOf } from "./observe.ts";
import { pauses, type Pausing } from "./pause.ts";

/** Options of {@linkcode waitUntil}. */
export interface UntilOptions extends Pausing {
  /** What is waited for, as `Wait for …` continues. */
  purpose: string;
  /** What to do when time runs out. */
  remedy?: string;
}

/**
 * Wait by watch until one object is as it should be, and return it. A failure that may heal is waited out.
 *
 * @param judge what is said of the object; undefined is one that does not exist
 * @throws {SlipwayError} with what `judge` says of a failure for good
 * @throws {TimedOut} with what `judge` said last
 * @throws {Interrupted} when the signal is aborted other than by a deadline
 */
export async function waitUntil(
  client: ClusterClient,
  ref: ObjectRef,
  judge: (object: KubeObject | undefined) => Verdict,
  options: UntilOptions,
): Promise<KubeObject> {
  const observer = observe(client);
  const { apiVersion, kind, namespace, name } = ref;
  const collection = observer.follow({
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    fieldSelector: `metadata.name=${name}`,
  });
  let because = "the API server has not told its state yet";
  try {
    for await (const _ of pauses(observer, options, () => Infinity, () => collection.synced)) {
      if (collection.failure !== undefined) throw collection.failure.error;
      if (!collection.synced) continue;
      const object = collection.objects.get(placeOf(ref));
      const verdict = judge(object);
      because = verdict.because;
      if (verdict.state === "ready" && object !== undefined) return object;
      if (verdict.state === "failed" && verdict.mayHeal !== true) {
        throw new SlipwayError(
          `Cannot wait for ${options.purpose}: ${subjectOf(ref)} ${because}`,
          { remedy: options.remedy },
        );
      }
    }
  } finally {
    await observer.close();
  }
  throw new TimedOut(
    `Gave up waiting for ${options.purpose} after ${formatDuration(options.timeoutMs)}: ${
      subjectOf(ref)
    }: ${because}`,
    { remedy: options.remedy },
  );
}
