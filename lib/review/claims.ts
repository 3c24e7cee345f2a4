import type { Manifest } from "../core/object.ts";
import type { View } from "./view.ts";

/** Volumes that something claims. */
export interface VolumeClaims {
  /** The claim, or the object that makes claims. */
  object: Manifest;
  /** Namespace. */
  namespace: string;
  /** Name of the claim, or of the object that makes claims. */
  name: string;
  /** The claim's own name in that object. */
  claim?: string;
  /** Class; the cluster's default when absent. */
  storageClass?: string;
  /** Size of each, as a quantity. */
  size: string;
  /** Ways in which it may be mounted. */
  accessModes: readonly string[];
}

interface ClaimSpec {
  storageClassName?: string;
  accessModes?: string[];
  resources?: { requests?: { storage?: string } };
}

/** All volumes that objects of a platform claim, by themselves, by template, or through an operator. */
export function volumeClaims({ ofKind, made }: Pick<View, "ofKind" | "made">): VolumeClaims[] {
  return [
    ...ofKind("PersistentVolumeClaim").map((object) =>
      claimOf(object, (object["spec"] ?? {}) as ClaimSpec)
    ),
    ...ofKind("StatefulSet").flatMap((object) => {
      const { volumeClaimTemplates = [] } = object["spec"] as {
        volumeClaimTemplates?: { metadata: { name: string }; spec: ClaimSpec }[];
      };
      return volumeClaimTemplates.map(({ metadata, spec }) => claimOf(object, spec, metadata.name));
    }),
    ...made.flatMap(({ owner, claims }) =>
      claims.map(({ name, size, storageClass }) =>
        claimOf(owner, {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: size } },
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        }, name)
      )
    ),
  ];
}

function claimOf(object: Manifest, spec: ClaimSpec, claim?: string): VolumeClaims {
  const { storageClassName, accessModes = [], resources } = spec;
  return {
    object,
    namespace: object.metadata.namespace ?? "default",
    name: object.metadata.name,
    ...(claim === undefined ? {} : { claim }),
    ...(storageClassName === undefined ? {} : { storageClass: storageClassName }),
    size: resources?.requests?.storage ?? "0",
    accessModes,
  };
}
