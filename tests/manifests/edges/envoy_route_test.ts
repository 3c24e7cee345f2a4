import assert from "node:assert/strict";
import { render } from "../../../manifests/components/render.ts";
import { find } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

const manifests = render(sampleEdges("envoy-gateway"));

Deno.test("envoyRoutes() brings listeners with each route's hosts and certificate, beside the Gateway", () => {
  const { parentRef, listeners } = find(manifests, "ListenerSet", "shop/web").spec;
  assert.equal(`${parentRef.namespace}/${parentRef.name}`, "edge/envoy");
  assert.deepEqual(
    listeners.map(({ hostname, port, protocol }: Record<string, unknown>) => [
      hostname,
      port,
      protocol,
    ]),
    [["example.org", 443, "HTTPS"], ["www.example.org", 443, "HTTPS"]],
  );
  for (const { tls, allowedRoutes } of listeners) {
    assert.equal(tls.certificateRefs[0].name, "shop-tls");
    assert.equal(allowedRoutes.namespaces.from, "Same");
  }
  const gateway = find(manifests, "Gateway", "edge/envoy").spec;
  assert.deepEqual(gateway.listeners.map(({ name }: { name: string }) => name), ["http"]);
});

Deno.test("envoyRoutes() leads each path to its service, and takes away those that say so", () => {
  const { parentRefs, hostnames, rules } = find(manifests, "HTTPRoute", "shop/web").spec;
  assert.deepEqual(parentRefs, [{
    group: "gateway.networking.k8s.io",
    kind: "ListenerSet",
    name: "web",
    namespace: "shop",
  }]);
  assert.deepEqual(hostnames, ["example.org", "www.example.org"]);
  // deno-lint-ignore no-explicit-any -- rules of many shapes
  const told = rules.map(({ matches, backendRefs, filters }: any) => [
    matches[0].path.value,
    backendRefs[0].name,
    filters.some(({ type }: { type: string }) => type === "URLRewrite"),
  ]);
  assert.deepEqual(told, [["/api", "api", false], ["/files/v1", "files", true], [
    "/",
    "web",
    false,
  ]]);
});

Deno.test("envoyRoutes() sets security headers on what every path answers", () => {
  for (const { filters } of find(manifests, "HTTPRoute", "shop/web").spec.rules) {
    const { set } = filters[0].responseHeaderModifier;
    const byName = Object.fromEntries(
      set.map(({ name, value }: Record<string, string>) => [name, value]),
    );
    assert.equal(byName["Strict-Transport-Security"], "max-age=31536000; includeSubDomains");
    assert.equal(byName["Referrer-Policy"], "no-referrer");
  }
});

Deno.test("envoyRoutes() counts the requests of each address by itself, IPv4 and IPv6", () => {
  const { targetRefs, rateLimit, requestBuffer } =
    find(manifests, "BackendTrafficPolicy", "shop/web").spec;
  assert.deepEqual([targetRefs[0].kind, targetRefs[0].name], ["HTTPRoute", "web"]);
  assert.deepEqual(
    rateLimit.local.rules.map((
      { clientSelectors: [{ sourceCIDR }], limit }: {
        clientSelectors: [{ sourceCIDR: { type: string; value: string } }];
        limit: unknown;
      },
    ) => [sourceCIDR.type, sourceCIDR.value, limit]),
    [
      ["Distinct", "0.0.0.0/0", { requests: 200, unit: "Minute" }],
      ["Distinct", "::/0", { requests: 200, unit: "Minute" }],
    ],
  );
  assert.deepEqual(requestBuffer, { limit: "5Mi" });
});

Deno.test("envoyRoutes() lets only the named origin call", () => {
  const { cors, extAuth } = find(manifests, "SecurityPolicy", "shop/web").spec;
  assert.deepEqual(cors.allowOrigins, ["https://example.org"]);
  assert.equal(cors.maxAge, "600s");
  assert.equal(extAuth, undefined);
});

Deno.test("envoyRoutes() asks an OAuth2 Proxy in another namespace, which grants that, and refuses while it is away", () => {
  const { extAuth } = find(manifests, "SecurityPolicy", "shop/admin").spec;
  assert.deepEqual(extAuth.http.backendRefs, [{ name: "gate", namespace: "edge", port: 80 }]);
  assert.equal(extAuth.failOpen, false);
  assert(extAuth.headersToExtAuth.includes("cookie"));
  const { from, to } = find(manifests, "ReferenceGrant", "edge/shop-admin-asks-gate").spec;
  assert.deepEqual(from, [{
    group: "gateway.envoyproxy.io",
    kind: "SecurityPolicy",
    namespace: "shop",
  }]);
  assert.deepEqual(to, [{ group: "", kind: "Service", name: "gate" }]);
});

Deno.test("envoyRoutes() lets people sign in by a route without that policy, which the listeners allow", () => {
  const { parentRefs, rules } = find(manifests, "HTTPRoute", "edge/admin-sign-in").spec;
  assert.equal(`${parentRefs[0].namespace}/${parentRefs[0].name}`, "shop/admin");
  assert.equal(rules[0].matches[0].path.value, "/oauth2");
  const [{ allowedRoutes }] = find(manifests, "ListenerSet", "shop/admin").spec.listeners;
  assert.deepEqual(
    allowedRoutes.namespaces.selector.matchExpressions[0].values,
    ["shop", "edge"],
  );
});

Deno.test("envoyRoutes() keeps silent connections open where a route is for WebSockets", () => {
  const { timeout } = find(manifests, "BackendTrafficPolicy", "shop/live").spec;
  assert.deepEqual(timeout, { http: { streamIdleTimeout: "1h" } });
});

Deno.test("envoyRoutes() hands encrypted connections on", () => {
  const [listener] = find(manifests, "ListenerSet", "shop/raw").spec.listeners;
  assert.deepEqual([listener.protocol, listener.tls], ["TLS", { mode: "Passthrough" }]);
  assert.deepEqual(find(manifests, "TLSRoute", "shop/raw").spec.hostnames, ["raw.example.org"]);
});
