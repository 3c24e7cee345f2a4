import type {
  EdgeAutoscaling,
  EnvoyGatewayValues,
  IngressNginxValues,
  TraefikValues,
} from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Source: kubernetes/ingress-nginx, charts/ingress-nginx values.yaml. */
export function ingressNginx(options: IngressNginxValues): HelmValues {
  const { replicas, autoscaling, resources, service, className, proxyProtocol, metrics } = options;
  return {
    controller: {
      replicaCount: replicas,
      autoscaling: autoscaling && {
        enabled: true,
        minReplicas: autoscaling.minReplicas,
        maxReplicas: autoscaling.maxReplicas,
        targetCPUUtilizationPercentage: autoscaling.cpuUtilizationPercent,
        // The chart's own default would scale by memory as well.
        targetMemoryUtilizationPercentage: null,
      },
      resources,
      ingressClassResource: { name: className },
      ingressClass: className,
      service,
      config: proxyProtocol ? { "use-proxy-protocol": "true" } : undefined,
      metrics: metrics ? { enabled: true, serviceMonitor: { enabled: true } } : undefined,
    },
  };
}

/** Source: traefik/traefik-helm-chart, traefik values.yaml. */
export function traefik(options: TraefikValues): HelmValues {
  const { replicas, autoscaling, resources, service, proxyProtocolFrom, metrics } = options;
  const trusted = { trustedIPs: proxyProtocolFrom };
  const nodePorts = service?.nodePorts;
  return {
    deployment: { replicas },
    autoscaling: autoscaling && byCpu(autoscaling),
    resources,
    service: {
      type: service?.type,
      spec: {
        externalTrafficPolicy: service?.externalTrafficPolicy,
        healthCheckNodePort: service?.healthCheckNodePort,
      },
    },
    ports: {
      web: { proxyProtocol: trusted, nodePort: nodePorts?.http },
      websecure: { proxyProtocol: trusted, nodePort: nodePorts?.https },
    },
    metrics: metrics
      ? { prometheus: { service: { enabled: true }, serviceMonitor: { enabled: true } } }
      : undefined,
  };
}

/** Source: envoyproxy/gateway v1.8, charts/gateway-helm values.yaml. */
export function envoyGateway({ replicas, resources }: EnvoyGatewayValues): HelmValues {
  return { deployment: { replicas, envoyGateway: { resources } } };
}

function byCpu({ minReplicas, maxReplicas, cpuUtilizationPercent }: EdgeAutoscaling) {
  return {
    enabled: true,
    minReplicas,
    maxReplicas,
    metrics: [{
      type: "Resource",
      resource: {
        name: "cpu",
        target: { type: "Utilization", averageUtilization: cpuUtilizationPercent },
      },
    }],
  };
}
