import {
  fieldManager,
  helmKeepAnnotation,
  inventoryLabel,
  keepAnnotation,
} from "../core/labels.ts";
import { groupOf, type KubeObject } from "../core/object.ts";

/** What becomes of a live object that is no longer rendered. */
export interface PruneVerdict {
  /** Whether it is deleted. */
  prune: boolean;
  /** Whether the inventory goes on naming it: objects that are kept for now stay on record, foreign ones do not. */
  onRecord: boolean;
  /** Why, in one line. */
  because: string;
}

/** What a prune may go by. */
export interface PrunePolicy {
  /** The inventory whose objects may be pruned, `<platform>.<environment>`. */
  inventory: string;
  /** Whether PersistentVolumeClaims and Namespaces may go. */
  pruneData: boolean;
  /** Another inventory that names the object, where it is shared. */
  neededBy?: string;
}

const dataKinds = new Set(["/PersistentVolumeClaim", "/PersistentVolume", "/Namespace"]);

/** Whether a live object that the inventory names, and the render no longer does, is deleted. */
export function pruneVerdict(
  live: KubeObject,
  { inventory, pruneData, neededBy }: PrunePolicy,
): PruneVerdict {
  const { labels = {}, annotations = {}, ownerReferences = [], managedFields = [] } = live.metadata;
  const release = (because: string) => ({ prune: false, onRecord: false, because });
  const keep = (because: string) => ({ prune: false, onRecord: true, because });
  const owner = labels[inventoryLabel];
  if (owner === undefined) return release(`it no longer carries the label ${inventoryLabel}`);
  if (owner !== inventory) return release(`it belongs to the inventory ${owner}`);
  if (
    !managedFields.some(({ manager, operation }) =>
      manager === fieldManager && operation === "Apply"
    )
  ) {
    return release(`${fieldManager} is not among its field managers`);
  }
  if (ownerReferences.length > 0) {
    return release(`it is owned by ${ownerReferences[0]!.kind} ${ownerReferences[0]!.name}`);
  }
  if (neededBy !== undefined) return release(`it is shared, and ${neededBy} names it too`);
  if (annotations[keepAnnotation] === "true") {
    return keep(`its annotation ${keepAnnotation} says so`);
  }
  if (annotations[helmKeepAnnotation] === "keep") {
    return keep(`its annotation ${helmKeepAnnotation} says so`);
  }
  if (dataKinds.has(`${groupOf(live.apiVersion)}/${live.kind}`) && !pruneData) {
    return keep("it holds data; --prune-data deletes it");
  }
  return { prune: true, onRecord: false, because: "it is no longer rendered" };
}
