import type { Manifest } from "../../core/object.ts";
import type { Platform } from "../../platform/types.ts";

/** How volumes of a class lie on the nodes' disks. */
export type VolumeLayout =
  | {
    /** One copy, on the node of the pod. */
    kind: "local";
  }
  | {
    /** Copies on different nodes. */
    kind: "replicated";
    /** How many. */
    copies: number;
  }
  | {
    /** Somewhere else than on the nodes. */
    kind: "elsewhere";
    /** Name of the driver. */
    provisioner: string;
  };

/** Copies of a Longhorn volume when nothing is said. Source: Longhorn, "Settings Reference", Default Replica Count. */
const longhornCopies = 3;

/** Drivers that keep a volume on the node of its pod. */
const localProvisioners = ["rancher.io/local-path", "kubernetes.io/no-provisioner"];

/** Find out how volumes of a class lie on disks. k3s' default class is local. */
export function volumeLayout(
  storageClass: string | undefined,
  manifests: readonly Manifest[],
  platform: Platform,
): VolumeLayout {
  if (storageClass === undefined) return { kind: "local" };
  const rendered = manifests.find(({ kind, metadata }) =>
    kind === "StorageClass" && metadata.name === storageClass
  ) as { provisioner?: string; parameters?: Record<string, string> } | undefined;
  const declared = platform.storageClasses[storageClass];
  const provisioner = rendered?.provisioner ?? declared?.provisioner ?? storageClass;
  if (provisioner === "driver.longhorn.io" || storageClass === "longhorn") {
    const parameters = { ...declared?.parameters, ...rendered?.parameters };
    const copies = parameters["numberOfReplicas"] ?? declared?.longhorn?.replicas ??
      platform.longhorn?.defaultReplicas ?? longhornCopies;
    return { kind: "replicated", copies: Number(copies) };
  }
  return localProvisioners.includes(provisioner) || storageClass === "local-path"
    ? { kind: "local" }
    : { kind: "elsewhere", provisioner };
}
