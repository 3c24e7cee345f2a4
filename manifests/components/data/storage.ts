import type { Manifest } from "../../../lib/core/object.ts";
import type { StorageClass as ClassOptions, Volume } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import { longhornParameters } from "./longhorn.ts";
import type { PersistentVolumeClaim, StorageClass } from "../types.ts";

/** A StorageClass; nothing for one that somebody else makes. */
export function storageClass(
  name: string,
  options: ClassOptions,
  longhornNamespace: string,
): Manifest[] {
  const { longhorn } = options;
  if (options.existing === true) return [];
  return [define<StorageClass>({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner: options.provisioner,
    parameters: longhorn === undefined
      ? options.parameters
      : { ...longhornParameters(longhorn, longhornNamespace), ...options.parameters },
    reclaimPolicy: options.reclaimPolicy,
    volumeBindingMode: options.volumeBindingMode,
    allowVolumeExpansion: true,
  })];
}

/** A PersistentVolumeClaim. */
export function volume(name: string, options: Volume): Manifest[] {
  return [define<PersistentVolumeClaim>({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: options.namespace },
    spec: {
      storageClassName: options.storageClass,
      accessModes: [...options.accessModes],
      resources: { requests: { storage: options.size } },
    },
  })];
}
