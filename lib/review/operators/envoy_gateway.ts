import type { Manifest } from "../../core/object.ts";
import type { Affinity, Container, SpreadConstraint } from "../pods.ts";
import type { MadePods } from "./made.ts";

/** Source: Envoy Gateway, gateway.envoyproxy.io/v1alpha1 EnvoyProxySpec. */
interface ProxySpec {
  provider?: {
    kubernetes?: {
      envoyDeployment?: {
        replicas?: number;
        container?: { resources?: Container["resources"] };
        pod?: {
          affinity?: Affinity;
          labels?: Record<string, string>;
          topologySpreadConstraints?: SpreadConstraint[];
        };
      };
      envoyHpa?: { minReplicas?: number; maxReplicas: number };
    };
  };
}

/** Source: Gateway API, gateway.networking.k8s.io/v1 GatewaySpec and GatewayClassSpec. */
interface GatewaySpec {
  gatewayClassName?: string;
  infrastructure?: { parametersRef?: { kind: string; name: string } };
}

/** Namespace that Envoy Gateway is usually installed into. Source: Envoy Gateway, its chart's documentation. */
const usualNamespace = "envoy-gateway-system";

/** Name of its chart. Source: Envoy Gateway, charts/gateway-helm. */
const chartName = "gateway-helm";

/** Namespace of Envoy Gateway, in which it makes the pods of all gateways. */
function envoyNamespace(all: readonly Manifest[]): string {
  for (const { kind, ...manifest } of all) {
    const { chart = "", targetNamespace, source, destination } = (manifest["spec"] ?? {}) as {
      chart?: string;
      targetNamespace?: string;
      source?: { chart?: string };
      destination?: { namespace?: string };
    };
    if (kind === "HelmChart" && chart.split("/").at(-1) === chartName) {
      return targetNamespace ?? usualNamespace;
    }
    if (kind === "Application" && source?.chart === chartName) {
      return destination?.namespace ?? usualNamespace;
    }
  }
  return usualNamespace;
}

/** Resources of a proxy that names none. Source: Envoy Gateway, api/v1alpha1/shared_types.go DefaultEnvoyProxy… constants. */
const defaultResources = { requests: { cpu: "100m", memory: "512Mi" } };

/** Source: Envoy Gateway, internal/infrastructure/kubernetes/proxy/resource.go, expectedShutdownManager resources. */
const shutdownManager: Container = {
  name: "shutdown-manager",
  resources: { requests: { cpu: "10m", memory: "32Mi" } },
};

/**
 * Pods of a Gateway: proxies as the EnvoyProxy says that the gateway, or else its class, refers to.
 * Source: Envoy Gateway, internal/infrastructure/kubernetes/proxy/resource_provider.go.
 */
export function envoyPods(owner: Manifest, all: readonly Manifest[]): MadePods[] {
  if (owner.kind !== "Gateway" || !owner.apiVersion.startsWith("gateway.networking.k8s.io/")) {
    return [];
  }
  const { name, namespace = "default" } = owner.metadata;
  const proxy = proxyOf(owner, all);
  const deployment = proxy?.envoyDeployment;
  const hpa = proxy?.envoyHpa;
  const replicas = deployment?.replicas ?? 1;
  return [{
    owner,
    namespace: envoyNamespace(all),
    labelSets: [{
      ...deployment?.pod?.labels,
      "app.kubernetes.io/name": "envoy",
      "app.kubernetes.io/component": "proxy",
      "app.kubernetes.io/managed-by": "envoy-gateway",
      "gateway.envoyproxy.io/owning-gateway-name": name,
      "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
    }],
    spec: {
      containers: [
        { name: "envoy", resources: deployment?.container?.resources ?? defaultResources },
        shutdownManager,
      ],
      ...(deployment?.pod?.affinity === undefined ? {} : { affinity: deployment.pod.affinity }),
      ...(deployment?.pod?.topologySpreadConstraints === undefined
        ? {}
        : { topologySpreadConstraints: deployment.pod.topologySpreadConstraints }),
    },
    least: hpa === undefined ? replicas : hpa.minReplicas ?? 1,
    most: hpa?.maxReplicas ?? replicas,
    claims: [],
  }];
}

function proxyOf(
  gateway: Manifest,
  all: readonly Manifest[],
): NonNullable<ProxySpec["provider"]>["kubernetes"] {
  const { gatewayClassName, infrastructure } = (gateway["spec"] ?? {}) as GatewaySpec;
  const gatewayClass = all.find(({ kind, metadata }) =>
    kind === "GatewayClass" && metadata.name === gatewayClassName
  );
  const { parametersRef } = (gatewayClass?.["spec"] ?? {}) as {
    parametersRef?: { kind: string; name: string };
  };
  const wanted = infrastructure?.parametersRef ?? parametersRef;
  const proxy = all.find(({ kind, metadata }) =>
    kind === "EnvoyProxy" && wanted?.kind === "EnvoyProxy" && metadata.name === wanted.name
  );
  return (proxy?.["spec"] as ProxySpec | undefined)?.provider?.kubernetes;
}
