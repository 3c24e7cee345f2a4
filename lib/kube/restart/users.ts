import type { KubeObject } from "../../core/object.ts";
import { at, listAt, textAt } from "../ready/fields.ts";

/** Kinds whose pods are replaced when their template changes. Jobs and CronJobs read Secrets anew with each run. */
export const restartableKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/**
 * Whether pods of a workload read a Secret: in a variable, in all variables, or as files. A pull secret is read with
 * each pull. Source: k8s.io/api, core/v1 PodSpec.
 */
export function usesSecret(workload: KubeObject, secret: string): boolean {
  const pod = at(workload, "spec", "template", "spec");
  const containers = [...listAt(pod, "initContainers"), ...listAt(pod, "containers")];
  return containers.some((container) =>
    listAt(container, "env")
      .some((entry) => textAt(entry, "valueFrom", "secretKeyRef", "name") === secret) ||
    listAt(container, "envFrom").some((entry) => textAt(entry, "secretRef", "name") === secret)
  ) || listAt(pod, "volumes").some((volume) =>
    textAt(volume, "secret", "secretName") === secret ||
    listAt(volume, "projected", "sources")
      .some((source) => textAt(source, "secret", "name") === secret)
  );
}

/** Whether the injector puts an agent beside a workload that reads a path. Source: Vault, "Agent Injector", annotations. */
export function hasAgentFor(workload: KubeObject, path: string): boolean {
  const annotations = at(workload, "spec", "template", "metadata", "annotations") ?? {};
  return Object.entries(annotations).some(([name, value]) =>
    name.startsWith("vault.hashicorp.com/agent-inject-secret-") && value === path
  );
}

/**
 * When a Secret's data last changed, as RFC 3339 in whole seconds: when one of those who hold its data wrote.
 * Source: k8s.io/apimachinery, meta/v1 ManagedFieldsEntry, time.
 */
export function dataChangedAt(secret: KubeObject): string | undefined {
  const times = (secret.metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => at(fieldsV1, "f:data") !== undefined)
    .flatMap(({ time }) => time ?? []);
  return times.toSorted().at(-1) ?? secret.metadata.creationTimestamp;
}

/**
 * Whether a pod may have begun with what a Secret held before. Times are whole seconds, so one that was made in the
 * very second of the change may have; it is better restarted in vain than left with a password that is no more.
 */
export function mayHaveBegunBefore(pod: KubeObject, changedAt: string): boolean {
  const { creationTimestamp, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) return false;
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed") return false;
  return creationTimestamp === undefined || Date.parse(creationTimestamp) <= Date.parse(changedAt);
}
