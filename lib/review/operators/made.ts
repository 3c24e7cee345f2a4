import type { Manifest } from "../../core/object.ts";
import type { PodSpec } from "../pods.ts";

/** Pods that an operator makes of a custom resource. */
export interface MadePods {
  /** The custom resource. */
  owner: Manifest;
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods; several where pods differ by role. */
  labelSets: readonly Readonly<Record<string, string>>[];
  /** What the pods are like, as far as the custom resource says. */
  spec: PodSpec;
  /** Fewest pods. */
  least: number;
  /** Most pods. */
  most: number;
  /** Volumes of each pod. */
  claims: readonly MadeClaim[];
}

/** A volume that each pod of an operator has. */
export interface MadeClaim {
  /** Name, as messages say it. */
  name: string;
  /** Class; the cluster's default when absent. */
  storageClass?: string;
  /** Size, as a quantity. */
  size: string;
}

/** A volume of a size, where one is given. */
export function claim(
  name: string,
  size: string | undefined,
  storageClass: string | undefined,
): MadeClaim[] {
  return size === undefined
    ? []
    : [{ name, size, ...(storageClass === undefined ? {} : { storageClass }) }];
}
