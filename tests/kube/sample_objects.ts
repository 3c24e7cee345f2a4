import type { KubeObject, OwnerReference } from "../../lib/core/object.ts";

/** An object of any kind; `rest` is its spec, status and the like. */
export function sample(
  apiVersion: string,
  kind: string,
  rest: Record<string, unknown> & { metadata?: Partial<KubeObject["metadata"]> } = {},
): KubeObject {
  return {
    apiVersion,
    kind,
    ...rest,
    metadata: { name: "web", namespace: "shop", ...rest.metadata },
  };
}

/** A Deployment of three replicas whose controller has seen its generation. */
export function deployment(
  status: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
  metadata: Partial<KubeObject["metadata"]> = {},
): KubeObject {
  return sample("apps/v1", "Deployment", {
    metadata: { generation: 2, uid: "deployment", ...metadata },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 2, ...status },
  });
}

/** The status counts of a Deployment with so many replicas in each state. */
export function counts(total: number, updated: number, ready: number, available = ready) {
  return {
    replicas: total,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: available,
  };
}

/** The newest ReplicaSet of {@linkcode deployment}. */
export function replicaSet(name = "web-7db8", revision = 1): KubeObject {
  return sample("apps/v1", "ReplicaSet", {
    metadata: {
      name,
      uid: name,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [owner("Deployment", "web", "deployment")],
    },
  });
}

/** A pod of {@linkcode replicaSet}. */
export function pod(
  name: string,
  status: Record<string, unknown> = {},
  metadata: Partial<KubeObject["metadata"]> = {},
  spec: Record<string, unknown> = {},
): KubeObject {
  return sample("v1", "Pod", {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      ownerReferences: [owner("ReplicaSet", "web-7db8", "web-7db8")],
      ...metadata,
    },
    spec: { containers: [{ name: "app" }], ...spec },
    status,
  });
}

/** The status of a pod whose only container waits for a reason. */
export function waitingPod(
  reason: string,
  message?: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "True" }],
    containerStatuses: [{
      name: "app",
      image: "registry.test/app:1",
      ready: false,
      restartCount: 0,
      state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
      ...more,
    }],
  };
}

/** The status of a pod whose only container crashes again and again. */
export function crashingPod(
  restartCount: number,
  terminated: Record<string, unknown> = { exitCode: 1 },
): Record<string, unknown> {
  return {
    ...waitingPod("CrashLoopBackOff", "back-off 20s restarting failed container", {
      restartCount,
      lastState: { terminated },
    }),
    phase: "Running",
  };
}

/** A warning about an object. */
export function warning(
  about: KubeObject,
  reason: string,
  message: string,
  lastTimestamp = "2026-01-01T00:00:00Z",
): KubeObject {
  const { name, namespace, uid } = about.metadata;
  return sample("v1", "Event", {
    metadata: { name: `${name}.${reason}` },
    type: "Warning",
    reason,
    message,
    lastTimestamp,
    involvedObject: { kind: about.kind, name, namespace, ...(uid === undefined ? {} : { uid }) },
  });
}

/** A controlling owner. */
export function owner(kind: string, name: string, uid: string): OwnerReference {
  return { apiVersion: "apps/v1", kind, name, uid, controller: true };
}
