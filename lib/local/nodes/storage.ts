import type { KubeObject, OwnerReference } from "../../core/object.ts";

/** How a volume may be mounted. Source: core/v1 PersistentVolumeAccessMode. */
export type AccessMode =
  | "ReadOnlyMany"
  | "ReadWriteMany"
  | "ReadWriteOnce"
  | "ReadWriteOncePod";

/** A claim to a volume. Source: core/v1 PersistentVolumeClaim. */
export interface Claim extends KubeObject {
  /** What is claimed. */
  spec: {
    /** How the volume is to be mounted. */
    accessModes?: AccessMode[];
    /** How much is claimed. */
    resources?: {
      /** The least that will do. */
      requests?: {
        /** Size as a quantity. */
        storage?: string;
      };
    };
    /** Name of the class. */
    storageClassName?: string;
    /** `Filesystem` or `Block`. */
    volumeMode?: string;
    /** Name of the volume that the claim is bound to. */
    volumeName?: string;
    /** Labels that an existing volume must have. */
    selector?: Record<string, unknown>;
  };
  /** How the claim stands. */
  status?: {
    /** Pending, Bound or Lost. */
    phase?: string;
    /** What the claim has got. */
    capacity?: {
      /** Size as a quantity. */
      storage?: string;
    };
  };
}

/** A volume. Source: core/v1 PersistentVolume. */
export interface PersistentVolume extends KubeObject {
  /** What the volume is. */
  spec: {
    /** How big it is. */
    capacity?: {
      /** Size as a quantity. */
      storage?: string;
    };
    /** How it may be mounted. */
    accessModes?: AccessMode[];
    /** Name of its class. */
    storageClassName?: string;
    /** `Delete`, `Retain` or `Recycle`. */
    persistentVolumeReclaimPolicy?: string;
    /** The claim it is meant for. */
    claimRef?: Partial<OwnerReference> & {
      /** Namespace of the claim. */
      namespace?: string;
    };
    /** Which nodes can reach it. */
    nodeAffinity?: {
      /** What a node must have. */
      required?: {
        /** One of these must match. */
        nodeSelectorTerms: {
          /** All of these must match. */
          matchExpressions?: {
            /** Label. */
            key: string;
            /** Operator, such as `In`. */
            operator: string;
            /** Values of the label. */
            values?: string[];
          }[];
        }[];
      };
    };
    /** Where it is, by kind of volume. */
    [source: string]: unknown;
  };
  /** How the volume stands. */
  status?: {
    /** Pending, Available, Bound, Released or Failed. */
    phase?: string;
  };
}

/** A class of volumes. Source: storage.k8s.io/v1 StorageClass. */
export interface StorageClass extends KubeObject {
  /** Name of what makes its volumes. */
  provisioner: string;
  /** What becomes of a volume whose claim is gone. */
  reclaimPolicy?: string;
  /** Whether claims may grow. */
  allowVolumeExpansion?: boolean;
  /** Passed on to the provisioner. */
  parameters?: Record<string, string>;
  /** Passed on to the mount. */
  mountOptions?: string[];
}

/** A node. Source: core/v1 Node. */
export interface Node extends KubeObject {
  /** What the node is to be. */
  spec?: {
    /** Addresses of its pods. */
    podCIDR?: string;
  };
  /** What the node is. */
  status?: {
    /** Where it can be reached. */
    addresses?: {
      /** `InternalIP`, `ExternalIP` or `Hostname`. */
      type: string;
      /** The address. */
      address: string;
    }[];
    /** What it has, as quantities. */
    capacity?: Record<string, string>;
  };
}

/** Label with a node's host name. Source: Kubernetes' "Well-Known Labels, Annotations and Taints". */
export const hostnameLabel = "kubernetes.io/hostname";

/** Annotation of a claim whose volume must be reachable from the node that the scheduler chose. Source: the same. */
export const selectedNodeAnnotation = "volume.kubernetes.io/selected-node";

/** Annotation by which the controller manager asks a provisioner for a volume. Source: the same. */
export const provisionerAnnotation = "volume.kubernetes.io/storage-provisioner";

/** Annotation of a volume with the provisioner that made it. Source: the same. */
export const provisionedByAnnotation = "pv.kubernetes.io/provisioned-by";
