import type { Manifest } from "../../../lib/core/object.ts";
import { partOf } from "../../../lib/platform/monitoring.ts";
import type { MetricsExporter, Monitoring, NodeExporter } from "../../../lib/platform/types.ts";
import { program } from "./program.ts";

const nobody = { user: 65534, group: 65534 };

/** Where the node exporter finds its node. */
const hostRoot = "/host/root";

/**
 * The node exporter, on each node whatever its taints.
 * Source: prometheus/node_exporter, README "Docker".
 */
export function nodeExporter(monitoring: Monitoring, options: NodeExporter): Manifest[] {
  const part = partOf("node-exporter", options.namespace ?? monitoring.namespace);
  return program(part, {
    kind: "DaemonSet",
    image: options.image,
    resources: options.resources,
    args: [
      `--path.rootfs=${hostRoot}`,
      `--web.listen-address=:${part.ports.metrics}`,
      // Volumes of pods have their own figures, by the kubelet.
      "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run/k3s/containerd/.+|var/lib/kubelet/.+)($|/)",
    ],
    runAs: nobody,
    hostNetwork: { because: "only there are the figures of the node's network" },
    mounts: {
      [hostRoot]: {
        hostPath: {
          path: "/",
          propagation: "HostToContainer",
          because: "the figures of the node's file systems are read from it",
        },
      },
    },
    tolerations: [{}],
    probes: {
      liveness: { tcp: true, port: "metrics" },
      readiness: { path: "/", port: "metrics" },
    },
  });
}

/** What kube-state-metrics tells of; each resource needs its right. */
const watched: Record<string, string[]> = {
  "": [
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "resourcequotas",
    "services",
  ],
  "apps": ["daemonsets", "deployments", "replicasets", "statefulsets"],
  "autoscaling": ["horizontalpodautoscalers"],
  "batch": ["cronjobs", "jobs"],
  "networking.k8s.io": ["ingresses"],
  "policy": ["poddisruptionbudgets"],
};

/** kube-state-metrics. Source: kubernetes/kube-state-metrics, examples/standard. */
export function kubeStateMetrics(monitoring: Monitoring, options: MetricsExporter): Manifest[] {
  const part = partOf("kube-state-metrics", monitoring.namespace);
  return program(part, {
    image: options.image,
    resources: options.resources,
    args: [
      `--port=${part.ports.metrics}`,
      `--telemetry-port=${part.ports.telemetry}`,
      `--resources=${Object.values(watched).flat().sort().join(",")}`,
    ],
    runAs: nobody,
    apiAccess: {
      clusterWide: Object.entries(watched).map(([group, resources]) => ({
        apiGroups: [group],
        resources,
        verbs: ["list", "watch"],
      })),
    },
    probes: {
      liveness: { path: "/livez", port: "metrics" },
      readiness: { path: "/readyz", port: "telemetry" },
    },
  });
}
