import type { Gateway, Ingress, Peer, Platform } from "./types.ts";

/** What each controller's own chart calls its class, and the labels of its pods. */
const controllers: Record<
  Ingress["controller"],
  { className: string; podLabels: Record<string, string> }
> = {
  // Source: Traefik's chart, templates/_helpers.tpl and values.yaml.
  traefik: { className: "traefik", podLabels: { "app.kubernetes.io/name": "traefik" } },
  // Source: ingress-nginx' chart, templates/_helpers.tpl and values.yaml.
  nginx: {
    className: "nginx",
    podLabels: {
      "app.kubernetes.io/name": "ingress-nginx",
      "app.kubernetes.io/component": "controller",
    },
  },
  // Source: Envoy Gateway, internal/infrastructure/kubernetes/proxy/resource.go.
  "envoy-gateway": {
    className: "envoy",
    podLabels: { "app.kubernetes.io/name": "envoy", "app.kubernetes.io/component": "proxy" },
  },
};

/** Name under which flows know the pods of the ingress controller. */
export const ingressEndName = "ingress";

/** The end of flows that the ingress controller's pods are. */
export function ingressEnd({ peer }: Pick<Ingress, "peer">): string {
  return peer ?? ingressEndName;
}

/** IngressClass or GatewayClass of the ingress controller. */
export function ingressClass({ className, controller }: Ingress): string {
  return className ?? controllers[controller].className;
}

/** Pods of the ingress controller, where the platform names their namespace. */
export function ingressPods({ controller, namespace }: Ingress): Peer {
  return { namespace, podLabels: controllers[controller].podLabels };
}

/** Pods of a gateway. Source: Envoy Gateway, internal/gatewayapi/translator.go OwningGatewayNameLabel. */
export function gatewayPods(name: string, { namespace }: Pick<Gateway, "namespace">): Peer {
  return {
    namespace,
    podLabels: {
      "gateway.envoyproxy.io/owning-gateway-name": name,
      "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
    },
  };
}

/** What an Envoy is given where the platform declares no gateway. */
const usualGateway: Omit<Gateway, "namespace" | "className"> = {
  replicas: 2,
  resources: {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "1", memory: "512Mi" },
  },
  antiAffinity: "preferred",
  externalTrafficPolicy: "Local",
  middlewares: [],
};

/**
 * All gateways by name: those of the platform; or else, with Envoy Gateway, one of the ingress class's name in
 * the namespace of the controller's pods, so that a platform can change its controller by one word.
 */
export function gatewaysOf(
  { gateways, ingress, peers }: Pick<Platform, "gateways" | "ingress" | "peers">,
): Record<string, Gateway> {
  if (ingress?.controller !== "envoy-gateway" || Object.keys(gateways).length > 0) return gateways;
  const namespace = ingress.namespace ?? peers[ingress.peer ?? ""]?.namespace;
  if (namespace === undefined) return {};
  const className = ingressClass(ingress);
  return { [className]: { ...usualGateway, namespace, className } };
}

/** Name of the gateway that routes attach to unless told otherwise; undefined where it is not clear. */
export function usualGatewayName(
  platform: Pick<Platform, "gateways" | "ingress" | "peers">,
): string | undefined {
  const names = Object.keys(gatewaysOf(platform));
  const named = platform.ingress?.gateway;
  if (named !== undefined) return names.includes(named) ? named : undefined;
  return names.length === 1 ? names[0] : undefined;
}
