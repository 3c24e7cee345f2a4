import type { Manifest } from "../../../lib/core/object.ts";
import { workloadLabels } from "../../../lib/platform/ends.ts";
import type { VolumeClaim, Workload } from "../../../lib/platform/types.ts";
import { governingService, kindOf } from "../../../lib/platform/workloads.ts";
import { define } from "../manifest.ts";
import type { DaemonSet, Deployment, StatefulSet } from "../types.ts";
import { podTemplate } from "./pod.ts";
import { autoscaler, disruptionBudget } from "./scaling.ts";
import { services } from "./service.ts";
import { serviceAccount } from "./service_account.ts";

/**
 * A Deployment, StatefulSet or DaemonSet, and the ServiceAccount, rights, Services, autoscaler and disruption
 * budget that belong to it.
 *
 * @example
 * ```ts
 * workload("web", {
 *   namespace: "shop",
 *   image: "ghcr.io/example/web:1.0.0",
 *   resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } },
 *   ports: { http: 8080 },
 *   services: { web: { ports: { http: 80 } } },
 *   probes: { readiness: { path: "/ready" }, liveness: { path: "/live" } },
 * });
 * ```
 */
export function workload(name: string, options: Workload): Manifest[] {
  return [
    ...serviceAccount(name, options),
    controller[kindOf(options)](name, options),
    ...services(name, options),
    ...autoscaler(name, options),
    ...disruptionBudget(name, options),
  ];
}

const controller = { Deployment: deployment, StatefulSet: statefulSet, DaemonSet: daemonSet };

function deployment(name: string, options: Workload): Manifest {
  const matchLabels = workloadLabels(name, options);
  return define<Deployment>({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: options.namespace, labels: { ...matchLabels } },
    spec: {
      replicas: replicasOf(options),
      selector: { matchLabels },
      strategy: { type: "RollingUpdate", rollingUpdate: rolloutOf(options) },
      template: podTemplate(name, options),
    },
  });
}

/** The autoscaler owns the number of pods; a number here would undo its decisions at each apply. */
function replicasOf({ autoscaling, replicas }: Workload): number | undefined {
  return autoscaling === undefined ? replicas ?? 1 : undefined;
}

function rolloutOf(
  { rollout, mounts = {} }: Workload,
): { maxUnavailable: number; maxSurge: number } {
  if (rollout !== undefined) {
    return { maxUnavailable: rollout.maxUnavailable, maxSurge: rollout.maxSurge ?? 0 };
  }
  // A newer pod on another node may never get the volume as long as the older one has it.
  const shares = Object.values(mounts).some(({ claim }) => claim !== undefined);
  return shares ? { maxUnavailable: 1, maxSurge: 0 } : { maxUnavailable: 0, maxSurge: 1 };
}

function statefulSet(name: string, options: Workload): Manifest {
  const matchLabels = workloadLabels(name, options);
  const claims = Object.entries(options.volumeClaims ?? {});
  return define<StatefulSet>({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: options.namespace, labels: { ...matchLabels } },
    spec: {
      replicas: replicasOf(options),
      serviceName: governingService(name, options),
      podManagementPolicy: options.podManagementPolicy ?? "OrderedReady",
      updateStrategy: { type: "RollingUpdate" },
      selector: { matchLabels },
      template: podTemplate(name, options),
      volumeClaimTemplates: claims.length === 0
        ? undefined
        : claims.map(([claim, spec]) => claimTemplate(claim, spec)),
    },
  });
}

function claimTemplate(
  name: string,
  { storageClass, size, accessModes = ["ReadWriteOnce"], labels }: VolumeClaim,
): NonNullable<NonNullable<StatefulSet["spec"]>["volumeClaimTemplates"]>[number] {
  return {
    // With apiVersion and kind, as the server stores it: else each comparison would find a difference.
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, labels: labels && { ...labels } },
    spec: {
      storageClassName: storageClass,
      accessModes: [...accessModes],
      resources: { requests: { storage: size } },
    },
  };
}

function daemonSet(name: string, options: Workload): Manifest {
  const matchLabels = workloadLabels(name, options);
  return define<DaemonSet>({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: options.namespace, labels: { ...matchLabels } },
    spec: {
      selector: { matchLabels },
      updateStrategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: options.rollout?.maxUnavailable ?? 1 },
      },
      template: podTemplate(name, options),
    },
  });
}
