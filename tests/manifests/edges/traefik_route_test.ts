import assert from "node:assert/strict";
import type { Route } from "../../../lib/platform/types.ts";
import { middleware } from "../../../manifests/components/edges/traefik_middleware.ts";
import {
  type RouteSections,
  traefikRoutes,
} from "../../../manifests/components/edges/traefik_route.ts";
import { render } from "../../../manifests/components/render.ts";
import { find, namesOf } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

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
  vaults: {},
  certificates: {},
  issuers: {},
  oauth2Proxies: {},
  identityProviders: {},
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

const manifests = render(sampleEdges("traefik"));

Deno.test("traefikRoutes() sends a path to its service before the rest of the host, and none that only begins alike", () => {
  const { routes } = find(manifests, "IngressRoute", "shop/web").spec;
  const hosts = "(Host(`example.org`) || Host(`www.example.org`))";
  assert.deepEqual(
    routes.map((
      { match, priority, services }: {
        match: string;
        priority: number;
        services: { name: string }[];
      },
    ) => [match, priority, services[0]!.name]),
    [
      [`${hosts} && (Path(\`/api\`) || PathPrefix(\`/api/\`))`, 104, "api"],
      [`${hosts} && (Path(\`/files/v1\`) || PathPrefix(\`/files/v1/\`))`, 109, "files"],
      ["Host(`example.org`) || Host(`www.example.org`)", 100, "web"],
    ],
  );
});

Deno.test("traefikRoutes() takes a path away last, where the route says so", () => {
  const [api, files] = find(manifests, "IngressRoute", "shop/web").spec.routes;
  const limits = ["limit", "security", "origins", "small"];
  const names = (rule: { middlewares: { name: string }[] }) => rule.middlewares.map(nameOf);
  assert.deepEqual(names(api), limits);
  assert.deepEqual(names(files), [...limits, "strip-files-v1"]);
  const strip = find(manifests, "Middleware", "shop/strip-files-v1").spec;
  assert.deepEqual(strip, { stripPrefix: { prefixes: ["/files/v1"] } });
});

Deno.test("traefikRoutes() asks an OAuth2 Proxy after preflight requests were answered, and lets people sign in unasked", () => {
  const [rule] = find(manifests, "IngressRoute", "shop/admin").spec.routes;
  assert.deepEqual(rule.middlewares.map(nameOf), ["origins", "authenticated-by-gate"]);
  const { forwardAuth } = find(manifests, "Middleware", "shop/authenticated-by-gate").spec;
  assert.equal(forwardAuth.address, "http://gate.edge.svc.cluster.local/");
  assert(forwardAuth.authResponseHeaders.includes("X-Auth-Request-User"));
  const signIn = find(manifests, "IngressRoute", "edge/admin-sign-in").spec;
  assert.match(signIn.routes[0].match, /Host\(`admin\.example\.org`\).*PathPrefix\(`\/oauth2\/`\)/);
  assert.deepEqual(signIn.routes[0].middlewares, []);
  assert.deepEqual(signIn.routes[0].services, [{ name: "gate", port: 80 }]);
});

Deno.test("traefikRoutes() hands encrypted connections on by the name that they ask for", () => {
  assert.deepEqual(find(manifests, "IngressRouteTCP", "shop/raw").spec, {
    entryPoints: ["websecure"],
    routes: [{
      match: "HostSNI(`raw.example.org`)",
      services: [{ name: "web", port: 80 }],
    }],
    tls: { passthrough: true },
  });
});

Deno.test("middleware() limits request bodies by bytes", () => {
  const { spec } = middleware("small", "shop", { bodyLimit: { size: "5Mi" } });
  assert.deepEqual(spec, { buffering: { maxRequestBodyBytes: 5 * 2 ** 20 } });
});

function nameOf({ name }: { name: string }): string {
  return name;
}
