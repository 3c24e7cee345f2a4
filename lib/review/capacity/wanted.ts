import type { ObjectRef } from "../../core/object.ts";
import type { PodSpec } from "../pods.ts";
import type { PodNeeds } from "./amounts.ts";

/** Pods that want room. */
export interface Demand {
  /** What makes them. */
  object: ObjectRef;
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods. */
  labels: Readonly<Record<string, string>>;
  /** Fewest pods; for one a node, 0. */
  least: number;
  /** Most pods, those of a rollout left aside; for one a node, 0. */
  most: number;
  /** Pods that a rollout must add before it may take one away; 0 where it may take one away first. */
  surge: number;
  /** Whether each node has one. */
  perNode: boolean;
  /** Whether they come and go, as those of jobs do. */
  passing: boolean;
  /** What each of them needs. */
  needs: PodNeeds;
  /** Where they may be put. */
  spec: Pick<
    PodSpec,
    "affinity" | "nodeSelector" | "tolerations" | "topologySpreadConstraints"
  >;
  /** Volumes of each pod. */
  volumes: readonly VolumeDemand[];
}

/** A volume that wants room. */
export interface VolumeDemand {
  /** The claim, or what makes it. */
  object: ObjectRef;
  /** Name, as messages say it. */
  name: string;
  /** Class; the cluster's default when absent. */
  storageClass?: string;
  /** Size, as a quantity. */
  size: string;
}
