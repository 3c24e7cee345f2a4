import type { Manifest } from "../../../lib/core/object.ts";
import type { MetricsEndpoint } from "../../../lib/platform/metrics.ts";
import { define } from "../manifest.ts";
import type { PodMonitor, ServiceMonitor } from "../types.ts";

/** Where pods find the token and CA of their service account. Source: Kubernetes, "Service Accounts". */
const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** A ServiceMonitor or PodMonitor, whose series have the label `job` with its name. */
export function monitor(namespace: string, endpoint: MetricsEndpoint): Manifest {
  return endpoint.by === "service"
    ? serviceMonitor(namespace, endpoint)
    : podMonitor(namespace, endpoint);
}

function serviceMonitor(namespace: string, endpoint: MetricsEndpoint): Manifest {
  return define<ServiceMonitor>({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: endpoint.name, namespace },
    spec: {
      namespaceSelector: { matchNames: [endpoint.namespace] },
      selector: { matchLabels: { ...endpoint.labels } },
      endpoints: endpoint.paths.map((path) => ({
        ...scrape(endpoint, path),
        ...(endpoint.kubernetesApi === true
          ? {
            scheme: "https",
            bearerTokenFile: `${serviceAccountFolder}/token`,
            tlsConfig: {
              caFile: `${serviceAccountFolder}/ca.crt`,
              // The kubelets of k3s are asked by address, which their certificates have; the API server by its name.
              ...(endpoint.port === "https" ? { serverName: "kubernetes" } : {}),
            },
          }
          : {}),
      })),
    },
  });
}

function podMonitor(namespace: string, endpoint: MetricsEndpoint): Manifest {
  return define<PodMonitor>({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: endpoint.name, namespace },
    spec: {
      namespaceSelector: { matchNames: [endpoint.namespace] },
      selector: { matchLabels: { ...endpoint.labels } },
      podMetricsEndpoints: endpoint.paths.map((path) => scrape(endpoint, path)),
    },
  });
}

function scrape(endpoint: MetricsEndpoint, path: string) {
  const node = nodeOf(endpoint);
  return {
    port: endpoint.port,
    path,
    interval: endpoint.interval,
    honorLabels: endpoint.aboutOthers,
    relabelings: [
      { action: "replace" as const, targetLabel: "job", replacement: endpoint.name },
      ...(node === undefined
        ? []
        : [{ action: "replace" as const, sourceLabels: [node], targetLabel: "node" }]),
    ],
  };
}

/** What knows the node that series come from; series about other objects must not name that of their teller. */
function nodeOf({ name, aboutOthers }: MetricsEndpoint): string | undefined {
  // The kubelets' endpoints are nodes, not pods.
  if (name === "kubelet") return "__meta_kubernetes_endpointslice_address_target_name";
  return aboutOthers === true ? undefined : "__meta_kubernetes_pod_node_name";
}
