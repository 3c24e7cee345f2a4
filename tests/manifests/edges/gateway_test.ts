import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { render } from "../../../manifests/components/render.ts";
import { tenantText } from "../../e2e/tenant_platform.ts";
import { find, namesOf } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

const tenant = (name: string): Manifest[] =>
  render(loadPlatform(tenantText(name), { file: "tenant.yaml" }));
const manifests = tenant("acme");

Deno.test("gateways() runs Envoy with as many pods as it is told, kept apart and never all drained", () => {
  const { envoyDeployment, envoyPDB, envoyService } =
    find(manifests, "EnvoyProxy", "gateway-system/shared-gateway").spec.provider.kubernetes;
  assert.equal(envoyDeployment.replicas, 2);
  assert.equal(envoyDeployment.container.resources.limits.memory, "256Mi");
  const [{ podAffinityTerm }] =
    envoyDeployment.pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  assert.equal(
    podAffinityTerm.labelSelector.matchLabels["gateway.envoyproxy.io/owning-gateway-name"],
    "shared-gateway",
  );
  assert.deepEqual(envoyPDB, { minAvailable: 1 });
  assert.equal(envoyService.externalTrafficPolicy, "Local");
  const { infrastructure } = find(manifests, "Gateway", "gateway-system/shared-gateway").spec;
  assert.equal(infrastructure.parametersRef.name, "shared-gateway");
});

Deno.test("gateways() sends plain HTTP to HTTPS, and accepts no TLS below 1.2", () => {
  const { parentRefs, rules } =
    find(manifests, "HTTPRoute", "gateway-system/shared-gateway-redirect").spec;
  assert.equal(parentRefs[0].sectionName, "http");
  assert.deepEqual(rules[0].filters[0].requestRedirect, { scheme: "https", statusCode: 301 });
  const { tls } = find(manifests, "ClientTrafficPolicy", "gateway-system/shared-gateway").spec;
  assert.equal(tls.minVersion, "1.2");
});

Deno.test("gateways() limits rates and sets headers for all that comes by, errors of its own too", () => {
  const policy = find(manifests, "BackendTrafficPolicy", "gateway-system/shared-gateway").spec;
  assert.equal(policy.targetRefs[0].kind, "Gateway");
  assert.deepEqual(policy.rateLimit.local.rules[0].limit, { requests: 100, unit: "Minute" });
  const { headers } = find(manifests, "ClientTrafficPolicy", "gateway-system/shared-gateway").spec;
  assert.equal(headers.lateResponseHeaders.set[0].name, "Strict-Transport-Security");
});

Deno.test("a route's own policy keeps what the gateway wants, since it takes the place of the gateway's", () => {
  const platform = loadPlatform(tenantText("acme"), { file: "tenant.yaml" });
  const route = platform.routes["api"]!;
  const api = { ...route, websocket: true };
  const { rateLimit, timeout } = find(
    render({ ...platform, routes: { ...platform.routes, api } }),
    "BackendTrafficPolicy",
    "acme-prod/api",
  ).spec;
  assert.deepEqual(rateLimit.local.rules[0].limit, { requests: 100, unit: "Minute" });
  assert.deepEqual(timeout, { http: { streamIdleTimeout: "1h" } });
});

Deno.test("a tenant's listeners and wildcard certificate stand in its own namespace, for routes of its own", () => {
  const { listeners } = find(manifests, "ListenerSet", "acme-prod/acme").spec;
  assert.deepEqual(
    listeners.map(({ hostname }: { hostname: string }) => hostname),
    ["acme.com", "*.acme.com"],
  );
  for (const { tls, allowedRoutes } of listeners) {
    assert.equal(tls.certificateRefs[0].name, "acme-wildcard");
    assert.deepEqual(allowedRoutes.namespaces.selector.matchLabels, {
      "slipway.dev/domain": "acme.com",
    });
  }
  const { dnsNames, secretName } = find(manifests, "Certificate", "acme-prod/acme-wildcard").spec;
  assert.deepEqual([dnsNames, secretName], [["acme.com", "*.acme.com"], "acme-wildcard"]);
  const [parent] = find(manifests, "HTTPRoute", "acme-prod/api").spec.parentRefs;
  assert.equal(`${parent.kind} ${parent.namespace}/${parent.name}`, "ListenerSet acme-prod/acme");
});

Deno.test("what tenants share is the same to the byte in each tenant's platform", () => {
  const shared = (name: string) =>
    tenant(name)
      .filter(({ metadata: { namespace } }) =>
        namespace === undefined || namespace === "gateway-system"
      )
      .filter(({ kind, metadata }) => kind !== "Namespace" || metadata.name === "gateway-system")
      .map(({ metadata: { labels: _, ...metadata }, ...rest }) => ({ ...rest, metadata }));
  assert.deepEqual(shared("acme"), shared("myclient"));
  assert(shared("acme").length >= 8);
});

Deno.test("with Envoy Gateway as its controller, a platform without gateways has one where the controller's pods are", () => {
  const edges = render(sampleEdges("envoy-gateway"));
  assert.deepEqual(namesOf(edges, "Gateway"), ["edge/envoy"]);
  assert.deepEqual(namesOf(edges, "GatewayClass"), ["envoy"]);
  const { tls } = find(edges, "ClientTrafficPolicy", "edge/envoy").spec;
  assert.deepEqual(tls.ciphers, [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
  ]);
});
