import type { Monitoring } from "./types.ts";

/** A part of the monitoring that runs: how its pods and Services are found. */
export interface MonitoringPart {
  /** Name of its workload and Service, and in flows. */
  name: MonitoringPartName;
  /** Namespace of its pods. */
  namespace: string;
  /** Labels of its pods. */
  podLabels: Record<string, string>;
  /** Ports of its pods, by name. */
  ports: Record<string, number>;
  /** Ports of its Service, by the name of the port of the pods; none has no Service. */
  servicePorts: Record<string, number>;
  /** Name of the port with its own metrics. */
  metrics: string;
  /** Whether its pods use the network of their node. */
  hostNetwork: boolean;
}

/** Names of the parts. */
export type MonitoringPartName =
  | "prometheus"
  | "alertmanager"
  | "node-exporter"
  | "kube-state-metrics"
  | "loki"
  | "tempo"
  | "log-collector"
  | "grafana";

/** What a part is, besides its name and place. */
interface Form {
  ports: Record<string, number>;
  /** Ports of its Service; absent when it has none. */
  servicePorts?: Record<string, number>;
  metrics: string;
  podLabels?: Record<string, string>;
  hostNetwork?: boolean;
}

/**
 * The parts. Labels and ports of the first two are what the operator gives their pods.
 * Source: prometheus-operator, pkg/prometheus/server/statefulset.go and pkg/alertmanager/operator.go;
 * Loki, Tempo, Alloy and Grafana, their configuration references.
 */
const forms: Record<MonitoringPartName, Form> = {
  "prometheus": {
    ports: { web: 9090 },
    servicePorts: { web: 9090 },
    metrics: "web",
    podLabels: { "app.kubernetes.io/name": "prometheus", "prometheus": "prometheus" },
  },
  "alertmanager": {
    ports: { "web": 9093, "mesh-tcp": 9094 },
    servicePorts: { web: 9093 },
    metrics: "web",
    podLabels: { "app.kubernetes.io/name": "alertmanager", "alertmanager": "alertmanager" },
  },
  "node-exporter": { ports: { metrics: 9100 }, metrics: "metrics", hostNetwork: true },
  "kube-state-metrics": { ports: { metrics: 8080, telemetry: 8081 }, metrics: "metrics" },
  "loki": { ports: { http: 3100 }, servicePorts: { http: 3100 }, metrics: "http" },
  "tempo": {
    ports: { "http": 3200, "otlp-grpc": 4317, "otlp-http": 4318 },
    servicePorts: { "http": 3200, "otlp-grpc": 4317, "otlp-http": 4318 },
    metrics: "http",
  },
  "log-collector": { ports: { http: 12345 }, metrics: "http" },
  "grafana": { ports: { http: 3000 }, servicePorts: { http: 80 }, metrics: "http" },
};

/** The parts of a monitoring that are declared. */
export function monitoringParts(monitoring: Monitoring | undefined): MonitoringPart[] {
  if (monitoring === undefined) return [];
  const { namespace } = monitoring;
  const declared: [MonitoringPartName, { namespace?: string } | undefined][] = [
    ["prometheus", {}],
    ["alertmanager", monitoring.alertmanager && {}],
    ["node-exporter", monitoring.nodeExporter],
    ["kube-state-metrics", monitoring.kubeStateMetrics && {}],
    ["loki", monitoring.loki && {}],
    ["tempo", monitoring.tempo && {}],
    ["log-collector", monitoring.logCollector],
    ["grafana", monitoring.grafana && {}],
  ];
  return declared.flatMap(([name, place]) =>
    place === undefined ? [] : [partOf(name, place.namespace ?? namespace)]
  );
}

/** One part in a namespace. */
export function partOf(name: MonitoringPartName, namespace: string): MonitoringPart {
  const { podLabels = { "app.kubernetes.io/name": name }, servicePorts = {}, ports, metrics } =
    forms[name];
  const hostNetwork = forms[name].hostNetwork === true;
  return { name, namespace, podLabels, ports, servicePorts, metrics, hostNetwork };
}

/** URL of a part's Service within the cluster, without a slash at the end. */
export function serviceUrl(name: MonitoringPartName, namespace: string, port = "http"): string {
  return `http://${name}.${namespace}.svc:${forms[name].servicePorts?.[port]}`;
}
