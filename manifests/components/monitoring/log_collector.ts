import type { Manifest } from "../../../lib/core/object.ts";
import { type MonitoringPart, partOf, serviceUrl } from "../../../lib/platform/monitoring.ts";
import type { LogCollector, Monitoring } from "../../../lib/platform/types.ts";
import { configuration, program, type ProgramOptions } from "./program.ts";

/** What sends the logs of all pods to Loki, by a pod on each node whatever its taints. */
export function logCollector(monitoring: Monitoring, options: LogCollector): Manifest[] {
  const part = partOf("log-collector", options.namespace ?? monitoring.namespace);
  const pushUrl = `${serviceUrl("loki", monitoring.namespace)}/loki/api/v1/push`;
  const [file, content] = options.agent === "alloy"
    ? ["config.alloy", alloyConfiguration(pushUrl)]
    : ["promtail.yaml", promtailConfiguration(part, pushUrl)];
  return [
    ...configuration(part, { [file]: content }),
    ...program(part, {
      kind: "DaemonSet",
      image: options.image,
      resources: options.resources,
      env: { NODE_NAME: { field: "spec.nodeName" } },
      tolerations: [{}],
      ...(options.agent === "alloy" ? alloy(part) : promtail(part)),
    }),
  ];
}

type AgentOptions = Partial<ProgramOptions>;

function alloy({ name, ports }: MonitoringPart): AgentOptions {
  return {
    args: [
      "run",
      "/etc/alloy/config.alloy",
      "--storage.path=/var/lib/alloy",
      `--server.http.listen-addr=0.0.0.0:${ports.http}`,
      "--disable-reporting",
    ],
    // The user that Alloy's image runs as.
    runAs: { user: 473, group: 473 },
    apiAccess: {
      clusterWide: [{
        resources: ["pods", "pods/log", "namespaces"],
        verbs: ["get", "list", "watch"],
      }],
    },
    mounts: {
      "/etc/alloy": { config: name },
      "/var/lib/alloy": { emptyDir: { sizeLimit: "256Mi" } },
      "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
    },
    probes: {
      liveness: { path: "/-/healthy", port: "http" },
      readiness: { path: "/-/ready", port: "http" },
    },
  };
}

/**
 * Each pod asks the API server for the logs of its own node's pods, so that none needs the node's disk.
 * Source: Grafana Alloy, reference of discovery.kubernetes, discovery.relabel and loki.source.kubernetes.
 */
function alloyConfiguration(pushUrl: string): string {
  const labels = Object.entries(podLabels).flatMap(([target, source]) => [
    "  rule {",
    `    source_labels = ["${source}"]`,
    `    target_label  = "${target}"`,
    "  }",
  ]);
  return [
    'discovery.kubernetes "pods" {',
    '  role = "pod"',
    "",
    "  selectors {",
    '    role  = "pod"',
    '    field = "spec.nodeName=" + sys.env("NODE_NAME")',
    "  }",
    "}",
    "",
    'discovery.relabel "pods" {',
    "  targets = discovery.kubernetes.pods.targets",
    "",
    ...labels,
    "}",
    "",
    'loki.source.kubernetes "pods" {',
    "  targets    = discovery.relabel.pods.output",
    "  forward_to = [loki.write.loki.receiver]",
    "}",
    "",
    'loki.write "loki" {',
    "  endpoint {",
    `    url = "${pushUrl}"`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Labels of log lines, and where they come from. Few, as each combination is a stream of its own in Loki. */
const podLabels = {
  namespace: "__meta_kubernetes_namespace",
  pod: "__meta_kubernetes_pod_name",
  container: "__meta_kubernetes_pod_container_name",
  app: "__meta_kubernetes_pod_label_app_kubernetes_io_name",
  node: "__meta_kubernetes_pod_node_name",
};

function promtail({ name }: MonitoringPart): AgentOptions {
  return {
    args: ["-config.file=/etc/promtail/promtail.yaml"],
    runAs: { user: 0, group: 0, because: "the logs on the node's disk belong to root" },
    apiAccess: {
      clusterWide: [{ resources: ["pods"], verbs: ["get", "list", "watch"] }],
    },
    env: { HOSTNAME: { field: "spec.nodeName" } },
    mounts: {
      "/etc/promtail": { config: name },
      "/var/log/pods": {
        hostPath: { path: "/var/log/pods", because: "there the kubelet keeps the logs of pods" },
      },
      "/run/promtail": {
        hostPath: {
          path: "/run/promtail",
          type: "DirectoryOrCreate",
          because: "how far each file was read must outlive the pod",
        },
        readOnly: false,
      },
    },
    probes: { readiness: { path: "/ready", port: "http" }, liveness: { tcp: true, port: "http" } },
  };
}

/** Source: Promtail, "Configuration". It only follows pods whose __host__ is its HOSTNAME. */
function promtailConfiguration({ ports }: MonitoringPart, pushUrl: string): unknown {
  const relabel = (source: string, target: string) => ({
    source_labels: [source],
    target_label: target,
  });
  return {
    server: { http_listen_port: ports.http, grpc_listen_port: 0 },
    positions: { filename: "/run/promtail/positions.yaml" },
    clients: [{ url: pushUrl }],
    scrape_configs: [{
      job_name: "pods",
      kubernetes_sd_configs: [{ role: "pod" }],
      pipeline_stages: [{ cri: {} }],
      relabel_configs: [
        relabel("__meta_kubernetes_pod_node_name", "__host__"),
        ...Object.entries(podLabels).map(([target, source]) => relabel(source, target)),
        {
          source_labels: ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"],
          separator: "/",
          replacement: "/var/log/pods/*$1/*.log",
          target_label: "__path__",
        },
      ],
    }],
  };
}
