import type { KubeObject, ObjectRef } from "../../core/object.ts";
import type { Family } from "../diagnose/workload.ts";
import { isOfExternalSecrets } from "../diagnose/external_secrets.ts";
import { targetSecretOf } from "../ready/external_secret.ts";
import { textAt } from "../ready/fields.ts";
import type { Related } from "../ready/verdict.ts";
import { type Collection, type Observer, placeOf } from "./observe.ts";

/** What a wait follows beside an object that is not ready. */
export interface FollowedFamily {
  /** Pods of the namespace; for workloads and claims. */
  pods?: Collection;
  /** ReplicaSets of the namespace; for workloads and claims. */
  replicaSets?: Collection;
  /** Warnings of the namespace. */
  events: Collection;
  /** StorageClasses; for claims only. */
  classes?: Collection;
  /** Secrets of the namespace; for ExternalSecrets only. */
  secrets?: Collection;
}

/** Begin to follow an object's family, or return what is followed already. */
export function followFamily(
  observer: Observer,
  { apiVersion, kind, namespace }: Pick<ObjectRef, "apiVersion" | "kind" | "namespace">,
): FollowedFamily {
  const place = namespace === undefined ? {} : { namespace };
  const warnings = { apiVersion: "v1", kind: "Event", fieldSelector: "type=Warning" };
  if (isOfExternalSecrets({ apiVersion })) {
    return {
      // Those about what has no namespace are in this one.
      events: observer.follow({ ...warnings, namespace: namespace ?? "default" }),
      ...(kind === "ExternalSecret"
        ? { secrets: observer.follow({ apiVersion: "v1", kind: "Secret", ...place }) }
        : {}),
    };
  }
  return {
    pods: observer.follow({ apiVersion: "v1", kind: "Pod", ...place }),
    replicaSets: observer.follow({ apiVersion: "apps/v1", kind: "ReplicaSet", ...place }),
    events: observer.follow({ ...warnings, ...place }),
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
    pods: [...pods?.objects.values() ?? []],
    replicaSets: [...replicaSets?.objects.values() ?? []],
    events: [...events.objects.values()],
    ...(classes?.synced ? { storageClasses: [...classes.objects.values()] } : {}),
  };
}

/** What the verdict on a claim or an ExternalSecret depends on. */
export function relatedOf(
  object: KubeObject,
  { pods, classes, secrets }: FollowedFamily,
): Related {
  const storageClass = classes?.objects.get(`/${textAt(object, "spec", "storageClassName")}`);
  const { namespace } = object.metadata;
  const secret = placeOf({ namespace, name: targetSecretOf(object) });
  return {
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(pods === undefined ? {} : { pods: [...pods.objects.values()] }),
    // Who may not read Secrets is told what the ExternalSecret says of itself.
    ...(secrets?.synced ? { secret: secrets.objects.get(secret) ?? null } : {}),
  };
}
