import { parseDuration } from "../../../lib/core/units.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import type {
  Cors,
  ForwardAuth,
  Gateway,
  Platform,
  RateLimit,
  Route,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { BackendTrafficPolicy, ReferenceGrant, SecurityPolicy } from "../types.ts";
import { type Passed, passedBy } from "./middlewares.ts";

/** A route, what it is attached to, and who is asked about its requests. */
export interface Attachment {
  /** Name of the route. */
  name: string;
  /** The route. */
  route: Route;
  /** The gateway that its requests come by. */
  gateway: Gateway;
  /** Who is asked whether a request may pass. */
  asked?: ForwardAuth;
}

/** What policies of Envoy Gateway hold for. */
interface Target {
  kind: "Gateway" | "HTTPRoute";
  name: string;
  namespace: string;
}

/**
 * Policies of a route. A policy of a route takes the place of the gateway's of the same kind, so where a route
 * has something of its own, what the gateway wants is in it too.
 */
export function routePolicies(
  { name, route, gateway, asked }: Attachment,
  { middlewares }: Pick<Platform, "middlewares">,
): Manifest[] {
  const own: Passed = {
    ...passedBy(route.middlewares, middlewares),
    ...(asked === undefined ? {} : { forwardAuth: asked }),
  };
  const all = { ...passedBy(gateway.middlewares, middlewares), ...own };
  const target: Target = { kind: "HTTPRoute", name, namespace: route.namespace };
  const isWebsocket = route.websocket === true;
  return [
    ...(own.cors ?? own.forwardAuth) === undefined ? [] : securityPolicy(target, all),
    ...(own.rateLimit ?? own.bodyLimit) === undefined && !isWebsocket
      ? []
      : trafficPolicy(target, all, isWebsocket),
  ];
}

/** Policies of a gateway, which hold for all routes without some of their own. */
export function gatewayPolicies(
  name: string,
  { namespace, middlewares: names }: Gateway,
  { middlewares }: Pick<Platform, "middlewares">,
): Manifest[] {
  const passed = passedBy(names, middlewares);
  const target: Target = { kind: "Gateway", name, namespace };
  return [...securityPolicy(target, passed), ...trafficPolicy(target, passed, false)];
}

function securityPolicy(target: Target, { cors, forwardAuth }: Passed): Manifest[] {
  if (cors === undefined && forwardAuth === undefined) return [];
  return [
    define<SecurityPolicy>({
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "SecurityPolicy",
      metadata: { name: target.name, namespace: target.namespace },
      spec: {
        ...targetRefs(target),
        cors: cors && corsOf(cors),
        extAuth: forwardAuth && {
          http: {
            backendRefs: [{
              name: forwardAuth.service,
              namespace: forwardAuth.namespace,
              port: forwardAuth.port,
            }],
            // Envoy appends the path of the request.
            path: forwardAuth.path === "/" ? undefined : forwardAuth.path,
            headersToBackend: [...forwardAuth.responseHeaders],
          },
          // Of these, Envoy would send only some by itself.
          headersToExtAuth: [
            "accept",
            "cookie",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
          ],
          failOpen: false,
        },
      },
    }),
    ...(forwardAuth === undefined ? [] : grant(target, forwardAuth)),
  ];
}

function corsOf(cors: Cors): NonNullable<SecurityPolicy["spec"]>["cors"] {
  return {
    allowOrigins: [...cors.origins],
    allowMethods: [...cors.methods],
    allowHeaders: [...cors.headers],
    allowCredentials: cors.credentials,
    maxAge: durationOf(cors.maxAgeSeconds),
  };
}

/** Durations of the Gateway API have at most five digits. Source: GEP-2257. */
function durationOf(seconds: number): string {
  return seconds < 100_000 ? `${seconds}s` : `${Math.floor(seconds / 3600)}h`;
}

/** The namespace of a Service must allow others to name it. Source: Gateway API, ReferenceGrant. */
function grant(target: Target, { service, namespace }: ForwardAuth): Manifest[] {
  if (namespace === undefined || namespace === target.namespace) return [];
  return [define<ReferenceGrant>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "ReferenceGrant",
    metadata: { name: `${target.namespace}-${target.name}-asks-${service}`, namespace },
    spec: {
      from: [{
        group: "gateway.envoyproxy.io",
        kind: "SecurityPolicy",
        namespace: target.namespace,
      }],
      to: [{ group: "", kind: "Service", name: service }],
    },
  })];
}

/** The published types lack it. Source: Envoy Gateway 1.8, api/v1alpha1/timeout_types.go HTTPTimeout. */
type TrafficPolicy = BackendTrafficPolicy & {
  spec: { timeout?: { http?: { streamIdleTimeout?: string } } };
};

function trafficPolicy(
  target: Target,
  { rateLimit, bodyLimit }: Passed,
  isWebsocket: boolean,
): Manifest[] {
  if (rateLimit === undefined && bodyLimit === undefined && !isWebsocket) return [];
  return [define<TrafficPolicy>({
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "BackendTrafficPolicy",
    metadata: { name: target.name, namespace: target.namespace },
    spec: {
      ...targetRefs(target),
      rateLimit: rateLimit && {
        type: "Local",
        local: { rules: ["0.0.0.0/0", "::/0"].map((range) => rule(range, rateLimit)) },
      },
      requestBuffer: bodyLimit && { limit: bodyLimit.size },
      timeout: isWebsocket ? { http: { streamIdleTimeout: "1h" } } : undefined,
    },
  })];
}

type Rule = NonNullable<
  NonNullable<
    NonNullable<NonNullable<BackendTrafficPolicy["spec"]>["rateLimit"]>["local"]
  >["rules"]
>[number];

/** Each address of a range is counted by itself. */
function rule(range: string, { average, period }: RateLimit): Rule {
  return {
    clientSelectors: [{ sourceCIDR: { type: "Distinct", value: range } }],
    limit: { requests: average, unit: units[parseDuration(period)] ?? "Minute" },
  };
}

const units: Record<number, "Second" | "Minute" | "Hour"> = {
  1_000: "Second",
  60_000: "Minute",
  3_600_000: "Hour",
};

function targetRefs({ kind, name }: Target) {
  return { targetRefs: [{ group: "gateway.networking.k8s.io", kind, name }] };
}
