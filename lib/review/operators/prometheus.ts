import type { Manifest } from "../../core/object.ts";
import type { Affinity, Container, PodSpec, SpreadConstraint } from "../pods.ts";
import { claim, type MadePods } from "./made.ts";

/** Source: prometheus-operator, monitoring.coreos.com/v1 CommonPrometheusFields and AlertmanagerSpec. */
interface Spec {
  replicas?: number;
  shards?: number;
  portName?: string;
  resources?: Container["resources"];
  affinity?: Affinity;
  nodeSelector?: Record<string, string>;
  tolerations?: PodSpec["tolerations"];
  topologySpreadConstraints?: SpreadConstraint[];
  podMetadata?: { labels?: Record<string, string> };
  containers?: Container[];
  storage?: {
    volumeClaimTemplate?: {
      spec?: { storageClassName?: string; resources?: { requests?: { storage?: string } } };
    };
  };
}

const programs: Readonly<Record<string, { port: number; label: string }>> = {
  Prometheus: { port: 9090, label: "prometheus" },
  Alertmanager: { port: 9093, label: "alertmanager" },
  PrometheusAgent: { port: 9090, label: "prometheus-agent" },
};

/** What reloads the configuration in each pod. Source: prometheus-operator, cmd/operator, --config-reloader-cpu-request and the like. */
const reloader: Container = {
  name: "config-reloader",
  ports: [{ name: "reloader-web", containerPort: 8080 }],
  resources: {
    requests: { cpu: "10m", memory: "50Mi" },
    limits: { cpu: "10m", memory: "50Mi" },
  },
};

/**
 * Pods of a Prometheus or an Alertmanager.
 * Source: prometheus-operator, pkg/prometheus/statefulset.go and pkg/alertmanager/statefulset.go.
 */
export function prometheusPods(owner: Manifest): MadePods[] {
  const program = programs[owner.kind];
  if (program === undefined || !owner.apiVersion.startsWith("monitoring.coreos.com/")) return [];
  const { name, namespace = "default" } = owner.metadata;
  const spec = (owner["spec"] ?? {}) as Spec;
  const count = (spec.replicas ?? 1) * (spec.shards ?? 1);
  const template = spec.storage?.volumeClaimTemplate?.spec;
  return [{
    owner,
    namespace,
    labelSets: [{
      ...spec.podMetadata?.labels,
      "app.kubernetes.io/name": program.label,
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/managed-by": "prometheus-operator",
      "operator.prometheus.io/name": name,
      [program.label]: name,
    }],
    spec: {
      containers: [
        {
          name: program.label,
          ports: [{ name: spec.portName ?? "web", containerPort: program.port }],
          ...(spec.resources === undefined ? {} : { resources: spec.resources }),
        },
        reloader,
        ...(spec.containers ?? []).filter((container) =>
          container.name !== program.label && container.name !== reloader.name
        ),
      ],
      ...(spec.affinity === undefined ? {} : { affinity: spec.affinity }),
      ...(spec.nodeSelector === undefined ? {} : { nodeSelector: spec.nodeSelector }),
      ...(spec.tolerations === undefined ? {} : { tolerations: spec.tolerations }),
      ...(spec.topologySpreadConstraints === undefined
        ? {}
        : { topologySpreadConstraints: spec.topologySpreadConstraints }),
    },
    least: count,
    most: count,
    claims: claim("data", template?.resources?.requests?.storage, template?.storageClassName),
  }];
}
