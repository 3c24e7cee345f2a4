import type { KubeObject } from "../../core/object.ts";
import { conditionsOf, listAt, textAt } from "./fields.ts";

const aboutDeletion = /^Namespace(Deletion|ContentRemaining|FinalizersRemaining)/;

/** Whether somebody has asked for the object's deletion. */
export function isBeingDeleted(object: KubeObject): boolean {
  return textAt(object, "metadata", "deletionTimestamp") !== undefined;
}

/**
 * What keeps an object that is being deleted: its finalizers, or what a Namespace's conditions name;
 * undefined when nothing does.
 * Source of the conditions: k8s.io/api, core/v1 NamespaceConditionType.
 */
export function heldBy(object: KubeObject): string | undefined {
  const contents = conditionsOf(object)
    .filter(({ type, status }) => aboutDeletion.test(type) && status === "True")
    .map(({ message, reason }) => message || reason);
  if (contents.length > 0) return contents.join("; ");
  const finalizers = listAt(object, "metadata", "finalizers")
    .filter((finalizer): finalizer is string => typeof finalizer === "string");
  return finalizers.length === 0
    ? undefined
    : `is held by finalizer${finalizers.length === 1 ? "" : "s"} ${finalizers.join(", ")}`;
}
