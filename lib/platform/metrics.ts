import { workloadsOf } from "./apps/parts.ts";
import { endsOf, workloadLabels } from "./ends.ts";
import { monitoringParts } from "./monitoring.ts";
import type { Platform, ScrapedPlace, ScrapedSystem, Workload } from "./types.ts";
import { metricsService } from "./workloads.ts";

/** Where Prometheus finds metrics: Services or pods by namespace and labels, and one of their ports. */
export interface MetricsEndpoint {
  /** Name of the monitor, and the value of the label `job` of all its series. */
  name: string;
  /** Namespace of the Services or pods. */
  namespace: string;
  /** Labels of the Services or pods. */
  labels: Record<string, string>;
  /** What the labels are of. */
  by: "service" | "pod";
  /** Name of the port. */
  port: string;
  /** Paths of the metrics on it. */
  paths: string[];
  /** Time between two scrapes; Prometheus' own when absent. */
  interval?: string;
  /** Ask with TLS and the token of Prometheus' own service account, as the Kubernetes API wants it. */
  kubernetesApi?: true;
  /** The series are about other objects, whose `namespace` and `pod` they name themselves. */
  aboutOthers?: true;
}

/** All endpoints that a platform declares; none without a monitoring that would ask them. */
export function metricsEndpoints(platform: Platform): MetricsEndpoint[] {
  const { monitoring } = platform;
  if (monitoring === undefined) return [];
  return [
    ...Object.entries(workloadsOf(platform)).flatMap(([name, workload]) =>
      workloadEndpoint(name, workload)
    ),
    ...databaseEndpoints(platform),
    ...monitoringParts(monitoring).map((part): MetricsEndpoint => ({
      name: part.name,
      namespace: part.namespace,
      labels: part.podLabels,
      by: "pod",
      port: part.metrics,
      paths: ["/metrics"],
      ...(part.name === "kube-state-metrics" ? { aboutOthers: true } : {}),
    })),
    ...Object.entries(monitoring.scrape.systems).flatMap(([name, place]) =>
      place === undefined ? [] : [systemEndpoint(name as ScrapedSystem, place)]
    ),
    ...Object.entries(monitoring.scrape.targets).map(([name, target]): MetricsEndpoint => ({
      name,
      namespace: target.namespace,
      labels: target.podLabels,
      by: "pod",
      port: target.port,
      paths: [target.path ?? "/metrics"],
      interval: target.interval,
    })),
  ];
}

function workloadEndpoint(name: string, workload: Workload): MetricsEndpoint[] {
  const { metrics, namespace } = workload;
  if (metrics === undefined) return [];
  return [{
    name,
    namespace,
    labels: workloadLabels(name, workload),
    by: metricsService(workload) === undefined ? "pod" : "service",
    port: metrics.port,
    paths: [metrics.path ?? "/metrics"],
    interval: metrics.interval,
  }];
}

/** Name of the port on which exporters beside databases answer. */
const exporterPort = "metrics";

/**
 * Databases that have metrics: among the ends of flows, those with a port of that name. Those that the platform runs
 * itself are found by the one Service that has their labels, those of operators by their pods.
 */
function databaseEndpoints(platform: Platform): MetricsEndpoint[] {
  const others = new Set<string>([
    ...Object.keys(workloadsOf(platform)),
    ...Object.keys(platform.peers),
    ...Object.keys(platform.externalServices),
    // Those are among `scrape.systems`.
    ...Object.keys(platform.charts),
    ...monitoringParts(platform.monitoring).map(({ name }) => name),
  ]);
  return endsOf(platform).flatMap(([name, { namespace, podLabels, ports, path }]) => {
    if (others.has(name) || !(exporterPort in ports)) return [];
    if (namespace === undefined || podLabels === undefined) return [];
    const section = path[0] ?? "";
    const isOwn = ["mongodb", "redis", "valkey", "minio"].includes(section) ||
      (section === "postgres" && platform.postgres[name]?.kind === "statefulset");
    return [{
      name,
      namespace,
      labels: podLabels,
      by: isOwn ? "service" : "pod",
      ...(section === "minio"
        ? { port: "api", paths: ["/minio/v2/metrics/cluster"] }
        : { port: exporterPort, paths: ["/metrics"] }),
    }];
  });
}

function systemEndpoint(name: ScrapedSystem, { namespace }: ScrapedPlace): MetricsEndpoint {
  const system = systems[name];
  return {
    name,
    by: "pod",
    paths: ["/metrics"],
    ...system,
    namespace: namespace ?? system.namespace,
  };
}

type SystemEndpoint =
  & Pick<MetricsEndpoint, "namespace" | "labels" | "port">
  & Partial<MetricsEndpoint>;

/** Sources: the manifests or charts that each system's own documentation installs it with. */
const systems: Record<ScrapedSystem, SystemEndpoint> = {
  "kube-apiserver": {
    namespace: "default",
    labels: { component: "apiserver", provider: "kubernetes" },
    by: "service",
    port: "https",
    kubernetesApi: true,
  },
  // The Service is kept by the Prometheus operator, started with --kubelet-service=kube-system/kubelet.
  "kubelet": {
    namespace: "kube-system",
    labels: { "k8s-app": "kubelet" },
    by: "service",
    port: "https-metrics",
    paths: ["/metrics", "/metrics/cadvisor"],
    kubernetesApi: true,
    aboutOthers: true,
  },
  "ingress-nginx": {
    namespace: "ingress-nginx",
    labels: {
      "app.kubernetes.io/name": "ingress-nginx",
      "app.kubernetes.io/component": "controller",
    },
    port: "metrics",
    aboutOthers: true,
  },
  "traefik": {
    namespace: "kube-system",
    labels: { "app.kubernetes.io/name": "traefik" },
    port: "metrics",
  },
  "envoy-gateway": {
    namespace: "envoy-gateway-system",
    labels: { "control-plane": "envoy-gateway" },
    port: "metrics",
  },
  "cert-manager": {
    namespace: "cert-manager",
    labels: {
      "app.kubernetes.io/name": "cert-manager",
      "app.kubernetes.io/component": "controller",
    },
    port: "http-metrics",
    aboutOthers: true,
  },
  "argo-cd": {
    namespace: "argocd",
    labels: { "app.kubernetes.io/part-of": "argocd" },
    port: "metrics",
  },
  "external-secrets": {
    namespace: "external-secrets",
    labels: { "app.kubernetes.io/name": "external-secrets" },
    port: "metrics",
    aboutOthers: true,
  },
  "sealed-secrets": {
    namespace: "kube-system",
    labels: { "app.kubernetes.io/name": "sealed-secrets" },
    port: "metrics",
  },
  "longhorn": {
    namespace: "longhorn-system",
    labels: { app: "longhorn-manager" },
    port: "manager",
  },
  "velero": {
    namespace: "velero",
    labels: { "app.kubernetes.io/name": "velero" },
    port: "http-monitoring",
  },
};
