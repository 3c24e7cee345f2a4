import type {
  CalicoValues,
  LonghornValues,
  MetricsServerValues,
  PrometheusOperatorValues,
  VeleroValues,
} from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Source: longhorn v1.8, chart/values.yaml. */
export function longhorn(options: LonghornValues): HelmValues {
  const { defaultReplicas } = options;
  return {
    // Classes are declared in the platform file.
    persistence: { defaultClass: false, defaultClassReplicaCount: defaultReplicas },
    // The check is a hook that installers other than Helm itself run at the wrong time.
    preUpgradeChecker: { jobEnabled: false },
    defaultSettings: {
      defaultReplicaCount: defaultReplicas,
      storageOverProvisioningPercentage: options.overProvisioningPercent,
      storageMinimalAvailablePercentage: options.minimalAvailablePercent,
    },
    longhornUI: { replicas: options.uiReplicas },
  };
}

/** Locations and schedules are declared in the platform file. Source: vmware-tanzu/helm-charts, charts/velero values.yaml. */
export function velero(options: VeleroValues): HelmValues {
  const { resources, plugins, credentialsSecret, nodeAgent, csiSnapshots, metrics } = options;
  return {
    resources,
    initContainers: plugins.map((image) => ({
      name: nameOfImage(image),
      image,
      volumeMounts: [{ mountPath: "/target", name: "plugins" }],
    })),
    credentials: { useSecret: true, existingSecret: credentialsSecret },
    backupsEnabled: false,
    snapshotsEnabled: false,
    upgradeCRDs: false,
    cleanUpCRDs: false,
    deployNodeAgent: nodeAgent,
    configuration: { features: csiSnapshots ? "EnableCSI" : undefined },
    metrics: { serviceMonitor: { enabled: metrics } },
  };
}

/** The operator and exporters; Prometheus, Alertmanager and Grafana are declared in the platform file. Source: prometheus-community/helm-charts, charts/kube-prometheus-stack values.yaml. */
export function prometheusOperator(options: PrometheusOperatorValues): HelmValues {
  const { resources, nodeExporter, kubeStateMetrics, clusterMonitors } = options;
  return {
    crds: { enabled: false },
    prometheusOperator: { resources },
    prometheus: { enabled: false },
    alertmanager: { enabled: false },
    grafana: { enabled: false },
    defaultRules: { create: false },
    nodeExporter: { enabled: nodeExporter ?? false },
    kubeStateMetrics: { enabled: kubeStateMetrics ?? false },
    kubernetesServiceMonitors: { enabled: clusterMonitors ?? false },
  };
}

/** Source: projectcalico/calico v3.31, charts/tigera-operator values.yaml. */
export function calico({ podCidr, encapsulation }: CalicoValues): HelmValues {
  return {
    installation: {
      enabled: true,
      calicoNetwork: {
        ipPools: [{
          cidr: podCidr ?? "10.42.0.0/16",
          encapsulation: encapsulation ?? "VXLANCrossSubnet",
        }],
      },
    },
  };
}

/** Source: kubernetes-sigs/metrics-server, charts/metrics-server values.yaml. */
export function metricsServer({ replicas, resources }: MetricsServerValues): HelmValues {
  return {
    replicas,
    resources,
    podDisruptionBudget: (replicas ?? 1) > 1 ? { enabled: true, minAvailable: 1 } : undefined,
  };
}

/** `docker.io/velero/velero-plugin-for-aws:v1.14.3` gives `velero-plugin-for-aws`. */
function nameOfImage(image: string): string {
  return image.split("/").at(-1)!.split(/[:@]/)[0]!;
}
