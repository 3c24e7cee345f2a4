import type { Manifest } from "../core/object.ts";
import type { Container } from "./container.ts";
import type { PodSpec } from "./pod_spec.ts";

export type * from "./container.ts";
export type * from "./pod_spec.ts";

/** Kinds that make pods of a template. */
export type PodOwnerKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod";

/** An object that makes pods, and what they are like. */
export interface PodSource {
  /** The object. */
  owner: Manifest;
  /** Its kind. */
  kind: PodOwnerKind;
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods. */
  labels: Readonly<Record<string, string>>;
  /** Annotations of the pods. */
  annotations: Readonly<Record<string, string>>;
  /** The pods. */
  spec: PodSpec;
}

/** Kinds whose pods are meant to end. */
const ending: readonly PodOwnerKind[] = ["Job", "CronJob"];

/** All objects among some manifests that make pods. */
export function podSources(manifests: readonly Manifest[]): PodSource[] {
  return manifests.flatMap((owner) => {
    const template = templateOf(owner);
    if (template?.spec === undefined) return [];
    return [{
      owner,
      kind: owner.kind as PodOwnerKind,
      namespace: owner.metadata.namespace ?? "default",
      labels: template.metadata?.labels ?? {},
      annotations: template.metadata?.annotations ?? {},
      spec: template.spec,
    }];
  });
}

/** Whether the pods are meant to keep running. */
export function keepsRunning({ kind }: Pick<PodSource, "kind">): boolean {
  return !ending.includes(kind);
}

/** All containers of a pod that keep running, side containers among them. */
export function runningContainers({ containers, initContainers = [] }: PodSpec): Container[] {
  return [
    ...containers,
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
}

/** All containers of a pod, those included that only come first. */
export function allContainers({ containers, initContainers = [] }: PodSpec): Container[] {
  return [...initContainers, ...containers];
}

interface Template {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: PodSpec;
}

function templateOf(owner: Manifest): Template | undefined {
  switch (owner.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return (owner["spec"] as { template: Template }).template;
    case "Job":
      return owner.apiVersion.startsWith("batch/")
        ? (owner["spec"] as { template: Template }).template
        : undefined;
    case "CronJob":
      return (owner["spec"] as { jobTemplate: { spec: { template: Template } } })
        .jobTemplate.spec.template;
    case "Pod":
      return owner as unknown as Template;
    default:
      return undefined;
  }
}
