import type { Emit } from "../../core/events.ts";
import { type KubeObject, type ObjectRef, subjectOf } from "../../core/object.ts";
import type { Cause, GraceMs } from "../diagnose/cause.ts";
import type { DiagnosisRules } from "../diagnose/pod.ts";
import { isOfExternalSecrets } from "../diagnose/external_secrets.ts";
import { causesOf, hasFamily } from "../diagnose/workload.ts";
import { type Collection, type Observer, placeOf } from "./observe.ts";
import { isBeingDeleted } from "../ready/deletion.ts";
import { conditionOf, textAt } from "../ready/fields.ts";
import { failed, type Verdict, waiting } from "../ready/verdict.ts";
import { verdictOf } from "../ready/verdict_of.ts";
import {
  type FollowedFamily,
  followFamily,
  isKnown,
  membersOf,
  relatedOf,
  versionOf,
} from "./family.ts";
import type { Pausing } from "./pause.ts";
import type { WaitedObject } from "./result.ts";
import { conclude, inBrief, type Sighting } from "./verdict.ts";

/** Options of a wait. A {@linkcode Context} has `emit`, `signal` and `now`. */
export interface WaitOptions extends Pausing, DiagnosisRules {
  /** Told each time that a verdict changes. @default nobody */
  emit?: Emit;
  /** Whether nobody in this cluster acts on an object, so that its being admitted is all there is to wait for. @default nothing */
  admitted?: (ref: ObjectRef) => boolean;
  /**
   * That all objects were just applied: kinds which need no more than to exist are then ready without a look, and
   * are not watched. @default false
   */
  justApplied?: boolean;
  /** How long permanent causes are given before the wait gives up. @default {@linkcode defaultGraceMs} */
  graceMs?: Partial<GraceMs>;
}

/** What a wait knows of one object. */
export interface Entry extends Sighting {
  /** The watch that the object is in; none for objects that count as admitted. */
  collection: Collection | undefined;
  /** What the last look concluded. */
  state: WaitedObject["state"];
  /** Why, in one line. */
  because: string;
  /** What stood in the way at the last look. */
  causes: readonly Cause[];
  /** What the last look saw, so that an unchanged world is not looked at again. */
  seen?: {
    /** The object, if it existed. */
    object: KubeObject | undefined;
    /** The family, if it was of interest. */
    family: FollowedFamily | undefined;
    /** Whether the family is still too little known for a verdict. */
    isOpen: boolean;
    /** The family's version then. */
    familyVersion: number;
    /** When the conclusion changes by itself, in milliseconds since the epoch. */
    dueMs: number;
  };
}

/** Whether there is a first conclusion about an object. */
export function isLookedAt({ collection, seen }: Entry): boolean {
  return collection === undefined || seen !== undefined && !seen.isOpen;
}

/** Look at one object, follow its family where it is not ready, and tell what changed. */
export function look(
  entry: Entry,
  observer: Observer,
  time: { nowMs: number; startedMs: number; graceMs: GraceMs },
  options: WaitOptions,
): void {
  const { collection, ref, seen } = entry;
  if (collection?.failure !== undefined) throw collection.failure.error;
  if (collection === undefined || !collection.synced) return;
  const object = collection.objects.get(placeOf(ref));
  const isSame = seen !== undefined && seen.object === object &&
    seen.familyVersion === (seen.family === undefined ? 0 : versionOf(seen.family));
  if (isSame && time.nowMs < seen.dueMs) return;

  let family = needsFamily(object) ? followFamily(observer, ref) : undefined;
  const remember = (dueMs: number, isOpen = false) => {
    entry.seen = {
      object,
      isOpen,
      family,
      familyVersion: family === undefined ? 0 : versionOf(family),
      dueMs,
    };
  };
  if (family !== undefined && !isKnown(family)) return remember(Infinity, true);

  const verdict = verdictIn(entry, object, family);
  if (object !== undefined && !isBeingDeleted(object)) entry.object = object;
  if (object !== undefined && verdict.state !== "ready" && hasFamily(ref)) {
    family ??= followFamily(observer, ref);
  }
  const causes = object === undefined || family === undefined || verdict.state === "ready"
    ? []
    : causesOf(object, membersOf(family), options);
  const { state, trouble, dueMs } = conclude(verdict, causes, entry.trouble, time);
  entry.trouble = trouble;
  entry.causes = causes;
  remember(dueMs);
  tell(entry, state, inBrief(verdict.because, causes), options);
}

/** Whether the verdict itself depends on what is beside the object. */
function needsFamily(object: KubeObject | undefined): boolean {
  return object?.kind === "PersistentVolumeClaim" &&
      textAt(object, "status", "phase") !== "Bound" ||
    object?.kind === "ExternalSecret" && isOfExternalSecrets(object);
}

function verdictIn(
  entry: Entry,
  object: KubeObject | undefined,
  family: FollowedFamily | undefined,
): Verdict {
  // What has finished may be cleaned up while the wait goes on for others.
  const { object: last } = entry;
  const isGoing = object === undefined || isBeingDeleted(object);
  if (isGoing && last !== undefined && hasFinished(last)) return verdictOf(last);
  if (object !== undefined) {
    return verdictOf(object, family === undefined ? {} : relatedOf(object, family));
  }
  return entry.seen?.object === undefined && last === undefined
    ? waiting("does not exist")
    : failed("was deleted");
}

function hasFinished(object: KubeObject): boolean {
  return object.kind === "Job" && conditionOf(object, "Complete")?.status === "True" ||
    object.kind === "Pod" && textAt(object, "status", "phase") === "Succeeded";
}

/** Remember a conclusion, and emit it when it is news. */
export function tell(
  entry: Entry,
  state: Entry["state"],
  because: string,
  options: Pick<WaitOptions, "emit">,
): void {
  if (entry.state === state && entry.because === because) return;
  entry.state = state;
  entry.because = because;
  options.emit?.({ type: "wait", subject: subjectOf(entry.ref), state, because });
}
