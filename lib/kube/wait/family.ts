import type { KubeObject, ObjectRef } from "../../core/object.ts";
import type { Family } from "../diagnose/workload.ts";
import type { Collection, Observer } from "./observe.ts";
import type { Related } from "../ready/verdict.ts";
import { textAt } from "../ready/fields.ts";

/** What a wait follows beside an object that is not ready. */
export interface FollowedFamily {
  /** Pods of the namespace. */
  pods: Collection;
  /** ReplicaSets of the namespace. */
  replicaSets: Collection;
  /** Warnings of the namespace. */
  events: Collection;
  /** StorageClasses; for claims only. */
  classes?: Collection;
}

/** Begin to follow an object's family, or return what is followed already. */
export function followFamily(
  observer: Observer,
  { kind, namespace }: Pick<ObjectRef, "kind" | "namespace">,
): FollowedFamily {
  const place = namespace === undefined ? {} : { namespace };
  return {
    pods: observer.follow({ apiVersion: "v1", kind: "Pod", ...place }),
    replicaSets: observer.follow({ apiVersion: "apps/v1", kind: "ReplicaSet", ...place }),
    events: observer.follow({
      apiVersion: "v1",
      kind: "Event",
      ...place,
      fieldSelector: "type=Warning",
    }),
    ...(kind === "PersistentVolumeClaim"
      ? { classes: observer.follow({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }) }
      : {}),
  };
}

/** Whether all of a family is known, as far as it may be read. */
export function isKnown(family: FollowedFamily): boolean {
  return Object.values(family)
    .every((collection: Collection) => collection.synced || collection.failure !== undefined);
}

/** A number that grows with each change of a family. */
export function versionOf(family: FollowedFamily): number {
  return Object.values(family)
    .reduce((sum, collection: Collection) => sum + collection.version, 0);
}

/** A family as a diagnosis wants it. */
export function membersOf({ pods, replicaSets, events, classes }: FollowedFamily): Family {
  return {
    pods: [...pods.objects.values()],
    replicaSets: [...replicaSets.objects.values()],
    events: [...events.objects.values()],
    ...(classes?.synced ? { storageClasses: [...classes.objects.values()] } : {}),
  };
}

/** What the verdict on a claim depends on. */
export function relatedOf(claim: KubeObject, { pods, classes }: FollowedFamily): Related {
  const storageClass = classes?.objects.get(`/${textAt(claim, "spec", "storageClassName")}`);
  return {
    ...(storageClass === undefined ? {} : { storageClass }),
    pods: [...pods.objects.values()],
  };
}
