import type { Manifest } from "../../../lib/core/object.ts";
import { gatewayPods, gatewaysOf, usualGatewayName } from "../../../lib/platform/ingress.ts";
import { routesOf, tenantOf } from "../../../lib/platform/routes.ts";
import type {
  Gateway as GatewayOptions,
  Platform,
  TlsOptions,
} from "../../../lib/platform/types.ts";
import { define, each } from "../manifest.ts";
import type {
  ClientTrafficPolicy,
  EnvoyProxy,
  Gateway,
  GatewayClass,
  HttpRoute,
} from "../types.ts";
import { antiAffinity, resourcesOf } from "../workload/pod.ts";
import { gatewayPolicies } from "./envoy_policy.ts";
import { passedBy } from "./middlewares.ts";
import { responseHeaders } from "./response_headers.ts";
import { opensslCipher } from "./tls.ts";

/** Name of the listener for plain HTTP, by which challenges arrive and all else is redirected. */
const plain = "http";

/** Gateways, their classes, and what holds for all that comes by them. */
export function gateways(platform: Platform): Manifest[] {
  if (platform.ingress?.controller !== "envoy-gateway") return [];
  const all = gatewaysOf(platform);
  const classes = new Set(Object.values(all).map(({ className }) => className));
  return [
    ...[...classes].map(gatewayClass),
    ...each(all, (name, options) => [
      envoyProxy(name, options),
      gateway(name, options),
      redirect(name, options),
      clientPolicy(name, options, platform),
      ...gatewayPolicies(name, options, platform),
    ]),
  ];
}

function gatewayClass(name: string): Manifest {
  return define<GatewayClass>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name },
    spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
  });
}

function gateway(name: string, { namespace, className, address }: GatewayOptions): Manifest {
  return define<Gateway>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      gatewayClassName: className,
      addresses: address === undefined ? undefined : [{ type: "IPAddress", value: address }],
      infrastructure: {
        parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name },
      },
      // Which hosts a namespace may listen for is for the admission policy to say.
      allowedListeners: { namespaces: { from: "All" } },
      listeners: [{
        name: plain,
        protocol: "HTTP",
        port: 80,
        allowedRoutes: { namespaces: { from: "All" } },
      }],
    },
  });
}

function envoyProxy(name: string, options: GatewayOptions): Manifest {
  const { namespace, replicas } = options;
  const { podLabels = {} } = gatewayPods(name, options);
  // Where two may never share a node there may be no node for one more.
  const isCrowded = options.antiAffinity === "required";
  return define<EnvoyProxy>({
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyProxy",
    metadata: { name, namespace },
    spec: {
      provider: {
        type: "Kubernetes",
        kubernetes: {
          envoyDeployment: {
            replicas,
            strategy: {
              type: "RollingUpdate",
              rollingUpdate: {
                maxSurge: isCrowded ? 0 : 1,
                maxUnavailable: isCrowded ? 1 : 0,
              },
            },
            pod: { affinity: antiAffinity(options.antiAffinity, podLabels) },
            container: { resources: resourcesOf(options.resources) },
          },
          envoyPDB: replicas > 1 ? { minAvailable: replicas - 1 } : undefined,
          envoyService: {
            type: "LoadBalancer",
            externalTrafficPolicy: options.externalTrafficPolicy,
            annotations: options.annotations,
          },
        },
      },
    },
  });
}

function redirect(name: string, { namespace }: GatewayOptions): Manifest {
  return define<HttpRoute>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: `${name}-redirect`, namespace },
    spec: {
      parentRefs: [{
        group: "gateway.networking.k8s.io",
        kind: "Gateway",
        name,
        sectionName: plain,
      }],
      rules: [{
        filters: [{
          type: "RequestRedirect",
          requestRedirect: { scheme: "https", statusCode: 301 },
        }],
      }],
    },
  });
}

function clientPolicy(name: string, options: GatewayOptions, platform: Platform): Manifest {
  const { namespace, middlewares } = options;
  const tls = tlsOf(name, options, platform);
  const { headers } = passedBy(middlewares, platform.middlewares);
  return define<ClientTrafficPolicy>({
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "ClientTrafficPolicy",
    metadata: { name, namespace },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name }],
      tls: {
        minVersion: tls?.minVersion === "VersionTLS13" ? "1.3" : "1.2",
        ciphers: tls?.cipherSuites?.map(opensslCipher),
      },
      headers: headers && {
        lateResponseHeaders: {
          set: Object.entries(responseHeaders(headers)).map(([name, value]) => ({ name, value })),
        },
      },
    },
  });
}

/** TLS of a gateway; where it has none of its own, that of its routes, which agree. */
function tlsOf(
  name: string,
  { tlsOptions }: GatewayOptions,
  platform: Platform,
): TlsOptions | undefined {
  const usual = usualGatewayName(platform);
  const ofRoutes = Object.values(routesOf(platform)).find((route) =>
    route.tlsOptions !== undefined &&
    (tenantOf(platform, route.namespace)?.[1].gateway ?? usual) === name
  );
  return platform.tlsOptions[tlsOptions ?? ofRoutes?.tlsOptions ?? ""];
}
