import type { KubeObject } from "../../core/object.ts";
import { at, conditionOf, listAt, textAt } from "./fields.ts";
import { failed, ready, type Related, type Verdict, waiting } from "./verdict.ts";

const selectedNode = "volume.kubernetes.io/selected-node";

/**
 * A PersistentVolumeClaim is ready when it is Bound. With a class that binds to the first consumer, a claim that no
 * pod uses yet is as ready as it can be.
 * Source: k8s.io/api, core/v1 PersistentVolumeClaimPhase and storage/v1 VolumeBindingMode.
 */
export function claimReady(claim: KubeObject, related: Related): Verdict {
  const phase = textAt(claim, "status", "phase");
  const className = textAt(claim, "spec", "storageClassName");
  if (phase === "Lost") return failed("is Lost: the volume that it was bound to is gone");
  if (phase === "Bound") {
    const resize = conditionOf(claim, "FileSystemResizePending");
    return ready(
      resize?.status === "True"
        ? "Bound; its file system grows when a pod starts"
        : `Bound to ${textAt(claim, "spec", "volumeName") ?? "a volume"}`,
    );
  }
  if (phase === undefined) return waiting("not seen by its controller yet");
  if (bindsLate(related.storageClass) && !hasConsumer(claim, related.pods)) {
    return ready(`Pending until a first pod uses it, as class ${className} has it`);
  }
  if (className !== undefined) return waiting(`is ${phase}: class ${className}`);
  return waiting(
    at(claim, "spec", "storageClassName") === ""
      ? `is ${phase}: it wants a volume that exists already`
      : `is ${phase}: it names no class, and the cluster has no default one yet`,
  );
}

/** Whether a StorageClass waits for a pod before it gives a volume. */
export function bindsLate(storageClass: KubeObject | undefined): boolean {
  return textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
}

/** Whether a pod's spec mounts a claim. */
export function usesClaim(pod: KubeObject, claimName: string): boolean {
  return listAt(pod, "spec", "volumes")
    .some((volume) => textAt(volume, "persistentVolumeClaim", "claimName") === claimName);
}

function hasConsumer(claim: KubeObject, pods: readonly KubeObject[] = []): boolean {
  return textAt(claim, "metadata", "annotations", selectedNode) !== undefined ||
    pods.some((pod) => usesClaim(pod, textAt(claim, "metadata", "name") ?? ""));
}
