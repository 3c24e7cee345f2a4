import assert from "node:assert/strict";
import type { Route } from "../../../lib/platform/types.ts";
import { middleware } from "../../../manifests/components/edges/traefik_middleware.ts";
import {
  type RouteSections,
  traefikRoutes,
} from "../../../manifests/components/edges/traefik_route.ts";
import { find, namesOf } from "../find.ts";

const route: Route = {
  namespace: "shop",
  hosts: ["www.example.org", "example.org"],
  service: "web",
  port: 80,
  priority: 100,
  middlewares: ["limit"],
  certificate: "web-tls",
  tlsOptions: "modern",
};
const platform: RouteSections = {
  oauth2Proxies: {},
  routes: { web: route, lab: { ...route, namespace: "lab", hosts: ["lab.example.org"] } },
  middlewares: {
    limit: { rateLimit: { average: 10, period: "1s", burst: 20 } },
    unused: { rateLimit: { average: 1, period: "1s", burst: 1 } },
  },
  tlsOptions: { modern: { minVersion: "VersionTLS13" } },
};

Deno.test("traefikRoutes() makes middlewares and TLS options in each namespace that uses them, and nowhere else", () => {
  const manifests = traefikRoutes(platform);
  assert.deepEqual(namesOf(manifests, "Middleware"), [
    "shop/redirect-to-https",
    "shop/limit",
    "lab/redirect-to-https",
    "lab/limit",
  ]);
  assert.deepEqual(namesOf(manifests, "TLSOption"), ["shop/modern", "lab/modern"]);
});

Deno.test("traefikRoutes() sends all hosts of a route to its service, with its certificate", () => {
  const { spec } = find(traefikRoutes(platform), "IngressRoute", "shop/web");
  assert.deepEqual(spec, {
    entryPoints: ["websecure"],
    routes: [{
      kind: "Rule",
      match: "Host(`www.example.org`) || Host(`example.org`)",
      priority: 100,
      middlewares: [{ name: "limit" }],
      services: [{ name: "web", port: 80 }],
    }],
    tls: { secretName: "web-tls", options: { name: "modern", namespace: "shop" } },
  });
});

Deno.test("middleware() keeps caches from handing the answer for one origin to another", () => {
  const cors = {
    origins: ["https://example.org"],
    methods: ["GET"],
    headers: [],
    credentials: true,
    maxAgeSeconds: 60,
  };
  const manifest = middleware("cors", "shop", { cors });
  assert.equal(find([manifest], "Middleware", "shop/cors").spec.headers.addVaryHeader, true);
});
