import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { hostClaimedTwice } from "../../../lib/review/rules/host_claimed_twice.ts";
import { complaints, object } from "../sample_objects.ts";

function traefik(
  name: string,
  match: string,
  entryPoints = ["websecure"],
  namespace = "shop",
): Manifest {
  const spec = { entryPoints, routes: [{ match }] };
  return object("IngressRoute", name, spec, { apiVersion: "traefik.io/v1alpha1", namespace });
}

function ingress(name: string, host: string, path?: string): Manifest {
  const spec = { rules: [{ host, http: { paths: [path === undefined ? {} : { path }] } }] };
  return object("Ingress", name, spec, { apiVersion: "networking.k8s.io/v1" });
}

function http(
  name: string,
  host: string,
  more: { sectionName?: string; path?: string } = {},
): Manifest {
  const { path, ...parent } = more;
  return object("HTTPRoute", name, {
    hostnames: [host],
    parentRefs: [{ name: "edge", namespace: "gateways", ...parent }],
    rules: [path === undefined ? {} : { matches: [{ path: { value: path } }] }],
  }, { apiVersion: "gateway.networking.k8s.io/v1" });
}

function told(...manifests: Manifest[]): string[] {
  return complaints(hostClaimedTwice, manifests);
}

Deno.test("a host that two routes of Traefik take is claimed twice, in other namespaces too", () => {
  assert.deepEqual(
    told(
      traefik("a", "Host(`x.org`) || Host(`y.org`)"),
      traefik("b", "Host(`y.org`)", ["websecure"], "other"),
    ),
    ["IngressRoute other/b: y.org is claimed by IngressRoute shop/a too"],
  );
});

Deno.test("paths, entry points and further conditions keep routes apart", () => {
  assert.deepEqual(
    told(traefik("a", "Host(`x.org`)"), traefik("b", "Host(`x.org`) && PathPrefix(`/api`)")),
    [],
  );
  assert.deepEqual(told(traefik("a", "Host(`x.org`)"), traefik("b", "Host(`x.org`)", ["web"])), []);
  assert.deepEqual(
    told(traefik("a", "Host(`x.org`)"), traefik("b", "Host(`x.org`) && Method(`GET`)")),
    [],
  );
  assert.equal(
    told(
      traefik("a", "Host(`x.org`) && PathPrefix(`/api`)"),
      traefik("b", "PathPrefix(`/api`) && Host(`x.org`)"),
    ).length,
    1,
  );
});

Deno.test("an Ingress and an IngressRoute claim the same hosts", () => {
  assert.equal(told(traefik("a", "Host(`x.org`)"), ingress("b", "x.org", "/")).length, 1);
  assert.deepEqual(told(ingress("a", "x.org", "/"), ingress("b", "x.org", "/api")), []);
});

Deno.test("routes of one gateway's listener claim hosts and paths; other listeners are other ways in", () => {
  assert.equal(told(http("a", "x.org"), http("b", "x.org")).length, 1);
  assert.deepEqual(told(http("a", "x.org"), http("b", "x.org", { path: "/api" })), []);
  assert.deepEqual(
    told(http("a", "x.org", { sectionName: "http" }), http("b", "x.org", { sectionName: "https" })),
    [],
  );
});

Deno.test("two listener sets of one gateway must not have one host on one port", () => {
  const set = (name: string, hostname: string, port = 443) =>
    object("ListenerSet", name, {
      parentRef: { name: "edge", namespace: "gateways" },
      listeners: [{ hostname, port }],
    }, { apiVersion: "gateway.networking.k8s.io/v1" });
  assert.equal(told(set("a", "*.x.org"), set("b", "*.x.org")).length, 1);
  assert.deepEqual(told(set("a", "*.x.org"), set("b", "*.x.org", 80)), []);
  assert.deepEqual(told(set("a", "*.x.org"), set("b", "*.y.org")), []);
});
