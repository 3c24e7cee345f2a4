import type { ClusterClient } from "../../core/cluster.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { keyOf } from "../../core/object.ts";
import type { ClaimName } from "./claims.ts";

/** A pod, as far as volumes go. Source: k8s.io/api, core/v1 PodSpec. */
export interface VolumePod extends KubeObject {
  /** What it is to be. */
  spec: {
    /** Its node. */
    nodeName?: string;
    /** Its identity. */
    securityContext?: Identity;
    /** Taints that it bears. */
    tolerations?: unknown[];
    /** Its volumes. */
    volumes?: {
      /** Name in the pod. */
      name: string;
      /** The claim of the volume. */
      persistentVolumeClaim?: {
        /** Name of the claim. */
        claimName: string;
      };
    }[];
    /** Its containers. */
    containers: {
      /** Name. */
      name: string;
      /** Its identity, where it is not the pod's. */
      securityContext?: Identity;
      /** Where volumes are in it. */
      volumeMounts?: {
        /** Name of the volume in the pod. */
        name: string;
        /** Folder. */
        mountPath: string;
        /** Folder in the volume. */
        subPath?: string;
      }[];
    }[];
  };
  /** How it stands. */
  status?: {
    /** Pending, Running, Succeeded or Failed. */
    phase?: string;
  };
}

/** Under which identity processes run. */
export interface Identity {
  /** Numeric user. */
  runAsUser?: number;
  /** Numeric group. */
  runAsGroup?: number;
  /** Group that volumes belong to. */
  fsGroup?: number;
}

/** Pods that use a claim and have not ended. */
export async function podsUsing(
  client: ClusterClient,
  { namespace, name }: ClaimName,
  signal: AbortSignal,
): Promise<VolumePod[]> {
  const { items } = await client.list<VolumePod>(
    { apiVersion: "v1", kind: "Pod", namespace },
    { signal },
  );
  return items.filter(({ spec, status }) =>
    status?.phase !== "Succeeded" && status?.phase !== "Failed" &&
    spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name)
  );
}

/** Whose processes own the files: the identity of the container that has the volume. */
export function identityIn(pod: VolumePod, claim: string): Identity {
  const volume = pod.spec.volumes?.find(({ persistentVolumeClaim }) =>
    persistentVolumeClaim?.claimName === claim
  );
  const container = pod.spec.containers.find(({ volumeMounts }) =>
    volumeMounts?.some(({ name }) => name === volume?.name)
  );
  const { runAsUser, runAsGroup, fsGroup } = {
    ...pod.spec.securityContext,
    ...container?.securityContext,
  };
  return {
    ...runAsUser === undefined ? {} : { runAsUser },
    ...runAsGroup === undefined ? {} : { runAsGroup },
    ...fsGroup === undefined ? {} : { fsGroup },
  };
}

/**
 * What decides how many of these pods there are: their Deployments and StatefulSets; the pods themselves where nobody
 * does, or something that cannot be scaled.
 */
export async function scalersOf(
  client: ClusterClient,
  pods: readonly VolumePod[],
  signal: AbortSignal,
): Promise<{ scalable: ObjectRef[]; others: ObjectRef[] }> {
  const scalable = new Map<string, ObjectRef>();
  const others = new Map<string, ObjectRef>();
  for (const pod of pods) {
    const { namespace } = pod.metadata;
    let owner = controllerOf(pod);
    if (owner?.kind === "ReplicaSet") {
      const set = await client.get({ ...owner, namespace: namespace! }, { signal });
      owner = set === undefined ? owner : controllerOf(set) ?? owner;
    }
    const ref: ObjectRef = owner === undefined
      ? { apiVersion: "v1", kind: "Pod", namespace: namespace!, name: pod.metadata.name }
      : { ...owner, namespace: namespace! };
    const found = ["Deployment", "StatefulSet", "ReplicaSet"].includes(ref.kind)
      ? scalable
      : others;
    found.set(keyOf(ref), ref);
  }
  return { scalable: [...scalable.values()], others: [...others.values()] };
}

function controllerOf({ metadata }: KubeObject): Omit<ObjectRef, "namespace"> | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name };
}
