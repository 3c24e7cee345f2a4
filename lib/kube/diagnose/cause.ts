import type { ObjectRef } from "../../core/object.ts";

/**
 * What a cause is about. `crash`: a container that ends with an error. `image`: an image that cannot be pulled.
 * `config`: something that a container refers to is missing. `scheduling`: no node takes the pod. `creation`: the
 * pods are refused. `storage`: a claim or a mount. `probe`: a container that runs but is not ready. `other`: a
 * warning that somebody wrote about the object. `starting`: nothing is wrong yet.
 */
export type CauseKind =
  | "crash"
  | "image"
  | "config"
  | "scheduling"
  | "creation"
  | "storage"
  | "probe"
  | "other"
  | "starting";

/** Where the words of a crashed container stand. */
export interface LogSource {
  /** Namespace of the pod. */
  namespace: string;
  /** Name of the pod. */
  pod: string;
  /** Name of the container. */
  container: string;
  /** The cause without the container's words. */
  before: string;
}

/** Why an object is not ready. */
export interface Cause {
  /** The object in trouble: a pod, a claim, or what creates the pods. */
  subject: ObjectRef;
  /** What it is about. */
  kind: CauseKind;
  /** The cause in one line without a final period, such as `pod web-7db8 is CrashLoopBackOff: exit 1`. */
  because: string;
  /** True when it does not go away by itself, as far as one can see. */
  permanent: boolean;
  /** RFC 3339 time at which it was last seen to be so; absent when it is so now. */
  at?: string;
  /** What the reader can do about it, as an imperative without a final period. */
  remedy?: string;
  /** The log that may say more. */
  log?: LogSource;
}

/** How long a permanent cause must be seen before a wait gives up on it, in milliseconds. */
export interface GraceMs {
  /** Containers that crash again and again. @default 0 */
  crash: number;
  /** Images that cannot be pulled: a registry or a pull secret may come. @default 10_000 */
  image: number;
  /** Missing Secrets, keys and the like: an operator may be about to deliver them. @default 20_000 */
  config: number;
  /** Pods that fit no node: an autoscaler may add one. @default 30_000 */
  scheduling: number;
  /** Pods that are refused: a quota or a label may be changed just now. @default 10_000 */
  creation: number;
  /** Claims that their class cannot serve. @default 20_000 */
  storage: number;
  /** Failures that the object's controller tells but keeps working on. @default 30_000 */
  mayHeal: number;
  /** Evidence from before the wait began: it may be mended already. @default 60_000 */
  stale: number;
}

/** The grace periods of a wait that names none. */
export const defaultGraceMs: Readonly<GraceMs> = {
  crash: 0,
  image: 10_000,
  config: 20_000,
  scheduling: 30_000,
  creation: 10_000,
  storage: 20_000,
  mayHeal: 30_000,
  stale: 60_000,
};

const byWeight: readonly CauseKind[] = [
  "creation",
  "storage",
  "config",
  "image",
  "crash",
  "scheduling",
  "probe",
  "other",
  "starting",
];

/**
 * Causes in the order in which a reader should see them: permanent ones first, then by kind and name. Several
 * objects with the same trouble become one line that counts them.
 */
export function rankCauses(causes: readonly Cause[]): Cause[] {
  const groups = new Map<string, Cause[]>();
  const ordered = causes.toSorted((a, b) =>
    Number(b.permanent) - Number(a.permanent) ||
    byWeight.indexOf(a.kind) - byWeight.indexOf(b.kind) ||
    compareText(a.subject.name, b.subject.name)
  );
  for (const cause of ordered) {
    const key = `${cause.kind} ${cause.because.replaceAll(cause.subject.name, "*")}`;
    groups.set(key, [...groups.get(key) ?? [], cause]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0]!;
    const more = new Set(group.map(({ subject }) => subject.name)).size - 1;
    if (more === 0) return first;
    return { ...first, because: `${first.because} (and ${more} more alike)` };
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
