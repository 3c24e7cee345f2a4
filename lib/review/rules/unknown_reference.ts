import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { allContainers, type PodSource } from "../pods.ts";

/** A pod without what it refers to is not made, or waits for ever. */
export const unknownReference: Rule = {
  name: "unknown-reference",
  summary: "Service accounts, ConfigMaps, claims and governing Services of pods are there",
  severity: "error",
  check: ({ sources, find, isOpaque }) =>
    sources.flatMap((source) =>
      isOpaque(source.namespace)
        ? []
        : references(source).filter(({ kind, name }) =>
          find(kind, source.namespace, name) === undefined
        ).map(({ kind, name }) => ({
          object: refOf(source.owner),
          because: `it refers to ${kind} ${name}, and namespace ${source.namespace} has none`,
          remedy: "correct the name, or declare it",
        }))
    ),
};

function references({ owner, kind, spec }: PodSource): { kind: string; name: string }[] {
  const { serviceName } = (owner["spec"] ?? {}) as { serviceName?: string };
  const { serviceAccountName = "default", volumes = [] } = spec;
  const configs = [
    ...volumes.flatMap(({ configMap }) => configMap ?? []),
    ...allContainers(spec).flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef ?? []),
      ...envFrom.flatMap(({ configMapRef }) => configMapRef ?? []),
    ]),
  ].filter(({ optional }) => optional !== true).flatMap(({ name }) => name ?? []);
  const all = [
    // Each namespace has this one by itself. Source: Kubernetes, "Configure Service Accounts for Pods".
    ...(serviceAccountName === "default"
      ? []
      : [{ kind: "ServiceAccount", name: serviceAccountName }]),
    ...(kind === "StatefulSet" && serviceName !== undefined && serviceName !== ""
      ? [{ kind: "Service", name: serviceName }]
      : []),
    ...[...new Set(configs)]
      // Source: Kubernetes, RootCAConfigMap: each namespace gets it.
      .filter((name) => name !== "kube-root-ca.crt")
      .map((name) => ({ kind: "ConfigMap", name })),
    ...volumes.flatMap(({ persistentVolumeClaim }) =>
      persistentVolumeClaim === undefined
        ? []
        : [{ kind: "PersistentVolumeClaim", name: persistentVolumeClaim.claimName }]
    ),
  ];
  return all;
}
