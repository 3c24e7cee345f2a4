import { inventoryId, inventoryLabel } from "../../../lib/core/labels.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { partOf } from "../../../lib/platform/monitoring.ts";
import type { Monitoring, Platform, ServerStorage } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Prometheus } from "../types.ts";
import { antiAffinity, podSecurityContext, resourcesOf } from "../workload/pod.ts";
import { serviceAccount } from "../workload/service_account.ts";
import { disruptionBudget, service } from "./operated.ts";

/** The user that the images of Prometheus and Alertmanager run as. */
export const nobody = { user: 65534, group: 65534 };

/** Prometheus servers, what they may read of the cluster, and their Service. */
export function prometheus(platform: Platform, monitoring: Monitoring): Manifest[] {
  const { namespace, prometheus: server } = monitoring;
  const part = partOf("prometheus", namespace);
  return [
    ...serviceAccount("prometheus", {
      namespace,
      image: server.image,
      resources: server.resources,
      apiAccess: {
        clusterWide: [
          {
            apiGroups: [""],
            resources: ["nodes", "services", "endpoints", "pods"],
            verbs: ["get", "list", "watch"],
          },
          {
            apiGroups: ["discovery.k8s.io"],
            resources: ["endpointslices"],
            verbs: ["get", "list", "watch"],
          },
          { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
          { nonResourceUrls: ["/metrics", "/metrics/cadvisor"], verbs: ["get"] },
        ],
      },
    }),
    prometheusServer(platform, monitoring),
    service(part, server.replicas),
    ...disruptionBudget(part, server.replicas),
  ];
}

/** Source: prometheus-operator, Documentation/api-reference, PrometheusSpec. */
function prometheusServer(platform: Platform, monitoring: Monitoring): Manifest {
  const { namespace, prometheus: server, alertmanager, tempo } = monitoring;
  const chosen = monitoring.shared === true
    ? {}
    : { matchLabels: { [inventoryLabel]: inventoryId(platform) } };
  return define<Prometheus>({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: { name: "prometheus", namespace },
    spec: {
      image: server.image,
      version: versionOf(server.image),
      replicas: server.replicas,
      retention: `${server.retentionDays}d`,
      retentionSize: server.retentionSize,
      scrapeInterval: server.scrapeInterval,
      evaluationInterval: "30s",
      // A shared one speaks for no platform in particular.
      externalLabels: monitoring.shared === true
        ? undefined
        : { platform: platform.name, environment: platform.environment },
      serviceAccountName: "prometheus",
      automountServiceAccountToken: true,
      serviceDiscoveryRole: "EndpointSlice",
      serviceMonitorSelector: chosen,
      serviceMonitorNamespaceSelector: {},
      podMonitorSelector: chosen,
      podMonitorNamespaceSelector: {},
      ruleSelector: chosen,
      ruleNamespaceSelector: {},
      alerting: alertmanager && {
        alertmanagers: [{
          namespace,
          name: "alertmanager-operated",
          port: "web",
          apiVersion: "v2",
        }],
      },
      // Tempo tells how long the spans of each service take, with examples that lead back to a trace.
      enableRemoteWriteReceiver: tempo && true,
      enableFeatures: tempo && ["exemplar-storage"],
      resources: resourcesOf(server.resources),
      storage: storageOf(server.storage),
      securityContext: podSecurityContext(nobody),
      affinity: server.replicas > 1
        ? antiAffinity("required", partOf("prometheus", namespace).podLabels)
        : undefined,
      thanos: server.thanos && {
        image: server.thanos.image,
        version: versionOf(server.thanos.image),
        resources: resourcesOf(server.thanos.resources),
        objectStorageConfig: { name: server.thanos.secret, key: server.thanos.key },
      },
    },
  });
}

type Storage = NonNullable<NonNullable<Prometheus["spec"]>["storage"]>;

/**
 * Storage as the custom resources of the operator have it.
 * @ignore
 */
export function storageOf({ storageClass, size }: ServerStorage): Storage {
  const claim = {
    spec: {
      storageClassName: storageClass,
      accessModes: ["ReadWriteOnce" as const],
      resources: { requests: { storage: size } },
    },
  };
  // The type package asks for the operator's own group and kind here, where the definition asks for none.
  return { volumeClaimTemplate: claim as unknown as Storage["volumeClaimTemplate"] };
}

/** The operator chooses flags by the version, which an image by digest would hide from it. */
export function versionOf(image: string): string | undefined {
  return /:(v\d+\.\d+\.\d+)/.exec(image)?.[1];
}
