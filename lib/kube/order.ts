import { groupOf, type KubeObject, type ObjectRef } from "../core/object.ts";

/** One stage of an apply: what is in it is written concurrently, and before all later stages. */
export interface Stage {
  /** What the stage does, as shown to people. */
  title: string;
  /** Its place in the order, from 0. */
  rank: number;
}

const titles = [
  "Apply namespaces and definitions",
  "Apply cluster roles and classes",
  "Apply configuration, access and storage",
  "Apply custom resources",
  "Apply workloads",
  "Apply webhooks and API services",
] as const;

const definitions = ["/Namespace", "apiextensions.k8s.io/CustomResourceDefinition"];

const clusterWide = [
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/VolumeAttributesClass",
  "networking.k8s.io/IngressClass",
  "scheduling.k8s.io/PriorityClass",
  "node.k8s.io/RuntimeClass",
  "gateway.networking.k8s.io/GatewayClass",
];

const workloads = [
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/CronJob",
  "batch/Job",
  "autoscaling/HorizontalPodAutoscaler",
];

const gates = [
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "apiregistration.k8s.io/APIService",
];

/**
 * The one table of the order. Custom resources stand before workloads, so that
 * what delivers a workload's secrets and routes is there when its pods start; webhooks stand
 * last, so that none of them refuses what its own backend needs.
 */
const ranks = new Map<string, number>([
  ...definitions.map((kind) => [kind, 0] as const),
  ...clusterWide.map((kind) => [kind, 1] as const),
  ...workloads.map((kind) => [kind, 4] as const),
  ...gates.map((kind) => [kind, 5] as const),
]);

const builtInGroups = /^$|^(apps|autoscaling|batch|policy|extensions)$|\.k8s\.io$/;

/** The stage in which an object is applied. */
export function stageOf(object: Pick<ObjectRef, "apiVersion" | "kind">): Stage {
  const group = groupOf(object.apiVersion);
  const known = ranks.get(`${group}/${object.kind}`);
  const rank = known ?? (isBuiltIn(group) ? 2 : 3);
  return { title: titles[rank]!, rank };
}

/** Whether a group belongs to Kubernetes itself. `gateway.networking.k8s.io` and its like are CRDs under a Kubernetes name. */
export function isBuiltIn(group: string): boolean {
  return builtInGroups.test(group) &&
    !/^(gateway\.networking|.*\.x-k8s\.io$|metrics)/.test(group) &&
    !group.startsWith("snapshot.storage");
}

/** Objects grouped by stage in the order of an apply; within a stage the order of the input stays. */
export function stagesOf<T>(
  items: readonly T[],
  objectOf: (item: T) => Pick<KubeObject, "apiVersion" | "kind">,
): { stage: Stage; items: T[] }[] {
  const byRank = new Map<number, { stage: Stage; items: T[] }>();
  for (const item of items) {
    const stage = stageOf(objectOf(item));
    const group = byRank.get(stage.rank) ?? { stage, items: [] };
    group.items.push(item);
    byRank.set(stage.rank, group);
  }
  return [...byRank.values()].sort((a, b) => a.stage.rank - b.stage.rank);
}
