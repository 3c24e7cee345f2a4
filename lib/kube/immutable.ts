import { groupOf, type ObjectRef, subjectOf } from "../core/object.ts";
import { hasReason, type StatusError } from "../core/status_error.ts";

/**
 * Kinds that can be deleted and made again without losing data or traffic. All
 * others with an immutable field that must change need a person's decision.
 */
const recreatable = new Set([
  "batch/Job",
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "storage.k8s.io/StorageClass",
  "/ConfigMap",
  "/Secret",
  "discovery.k8s.io/EndpointSlice",
]);

const remedies: Record<string, string> = {
  "/PersistentVolumeClaim":
    "a claim's class, access modes and volume cannot change, and its size can only grow where its class allows expansion: " +
    "declare a claim of another name, copy the data, point the workload to it, then remove the old one",
  "apps/StatefulSet":
    "delete the StatefulSet but keep its pods and claims (kubectl delete statefulset NAME --cascade=orphan), then apply again",
  "apps/Deployment":
    "a selector cannot change: give the Deployment a new name, or delete it yourself and apply again, which interrupts its service",
  "apps/DaemonSet":
    "a selector cannot change: delete the DaemonSet yourself and apply again, which interrupts its service",
  "/Namespace": "declare a namespace of another name and move what is in it",
  "apiextensions.k8s.io/CustomResourceDefinition":
    "deleting a definition deletes all its objects: follow the upgrade notes of the release it comes from",
  "/Service":
    "delete the Service yourself and apply again, which gives it a new cluster IP and interrupts its traffic",
};

/** Whether the API server refused a change because a field cannot change once it is set. */
export function isImmutableField(error: unknown): error is StatusError {
  return hasReason(error, "Invalid") &&
    /immutable|may not (be )?changed?|updates to .* are forbidden|cannot change|is immutable after creation/i
      .test(error.message);
}

/** Whether an object of this kind may be deleted and made again to change an immutable field. */
export function isRecreatable(ref: Pick<ObjectRef, "apiVersion" | "kind">): boolean {
  return recreatable.has(`${groupOf(ref.apiVersion)}/${ref.kind}`);
}

/** What a person can do when a field of such an object has to change. */
export function immutableRemedy(ref: ObjectRef): string {
  return remedies[`${groupOf(ref.apiVersion)}/${ref.kind}`] ??
    `delete ${subjectOf(ref)} yourself once nothing needs it, then apply again`;
}
