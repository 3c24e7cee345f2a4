import assert from "node:assert/strict";
import { PlatformInvalid } from "../../../lib/platform/mistake.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { tenantText } from "../../e2e/tenant_platform.ts";
import { sampleEdgesFile } from "../../manifests/edges/sample_edges.ts";

/** Mistakes of a text, without file, line and column. */
function mistakesOf(text: string): string[] {
  try {
    loadPlatform(text, { file: "platform.yaml" });
    return [];
  } catch (error) {
    assert(error instanceof PlatformInvalid, String(error));
    return error.message.split("\n").map((line) => line.replace(/^platform\.yaml:\d+:\d+: /, ""));
  }
}

/** Mistakes of a platform after a change of its text, which must be in it. */
function mistakesAfter(text: string, ...changes: [was: string, is: string][]): string[] {
  return mistakesOf(changes.reduce((changed, [was, is]) => {
    assert(changed.includes(was), `${was} is not in the text`);
    return changed.replace(was, is);
  }, text));
}

const traefik = sampleEdgesFile("traefik");
const nginx = sampleEdgesFile("nginx");
const envoy = sampleEdgesFile("envoy-gateway");
const tenant = tenantText("acme");

Deno.test("the same platform is without mistakes for each controller", () => {
  for (const text of [traefik, nginx, envoy, tenant]) assert.deepEqual(mistakesOf(text), []);
});

Deno.test("checkEdges() refuses paths to services that nobody declares, and a path twice", () => {
  assert.deepEqual(
    mistakesAfter(traefik, ["path: /api, service: api", "path: /files/v1, service: apy"]),
    [
      "routes.web.paths[0].service: no service here is called apy, expected one of api, dashboard, files, grafana-gate, web; did you mean api?",
      "routes.web.paths[1].path: /files/v1 stands here twice, expected once",
    ],
  );
});

Deno.test("checkEdges() refuses paths that controllers would read in different ways", () => {
  for (const path of ["api", "/api/", "/api*", "/"]) {
    const [mistake, ...others] = mistakesAfter(traefik, ["path: /api,", `path: "${path}",`]);
    assert.match(mistake!, /^routes\.web\.paths\[0\]\.path: ".*", expected a path such as \/api/);
    assert.deepEqual(others, []);
  }
});

Deno.test("checkEdges() wants a certificate that is good for each host; a wildcard is for one level", () => {
  assert.deepEqual(
    mistakesAfter(traefik, ["hosts: [live.example.org]", "hosts: [a.live.example.org]"]),
    [
      "routes.live.hosts[0]: certificate shop-tls is not for a.live.example.org, expected one of example.org, *.example.org",
    ],
  );
});

Deno.test("checkEdges() refuses whatever would have to look into a connection that is handed on", () => {
  assert.deepEqual(
    mistakesAfter(traefik, [
      "    tlsPassthrough: true\n",
      "    tlsPassthrough: true\n    certificate: shop-tls\n    middlewares: [limit]\n",
    ]),
    ["certificate", "middlewares"].map((key) =>
      `routes.raw.${key}: given, but tlsPassthrough leaves all of the connection to the service, expected none`
    ),
  );
});

Deno.test("checkEdges() wants someone to ask that is there, and only to be asked", () => {
  const [unknown] = mistakesAfter(traefik, ["authentication: gate", "authentication: gato"]);
  assert.match(unknown!, /^routes\.admin\.authentication: no OAuth2 Proxy.* is called gato/);
  assert.deepEqual(
    mistakesAfter(traefik, ["authentication: gate", "authentication: grafana-gate"]),
    [
      "routes.admin.authentication: grafana-gate stands in front of a service of its own, expected one without upstream",
    ],
  );
});

Deno.test("checkEdges() wants who is asked to be where the controller can lead people to sign in", () => {
  const modern: [string, string] = [
    "authentication: gate\n",
    "authentication: gate\n    tlsOptions: modern\n",
  ];
  assert.match(
    mistakesAfter(traefik, modern)[0]!,
    /^routes\.admin\.authentication: who is asked lives in namespace edge, where Traefik cannot use tlsOptions modern of shop/,
  );
  for (const text of [nginx, envoy]) assert.deepEqual(mistakesAfter(text, modern), []);
});

Deno.test("checkEdges() refuses to hold back the endless body of a WebSocket", () => {
  const small: [string, string] = [
    "websocket: true\n",
    "websocket: true\n    middlewares: [small]\n",
  ];
  assert.deepEqual(mistakesAfter(traefik, small), []);
  assert.deepEqual(mistakesAfter(envoy, small), [
    "routes.live.websocket: small buffers requests, expected no bodyLimit with websocket",
  ]);
});

Deno.test("checkEdges() refuses rates that a controller cannot count, and TLS that it cannot do", () => {
  const byDay: [string, string] = ["period: 1m", "period: 24h"];
  assert.deepEqual(mistakesAfter(traefik, byDay), []);
  assert.deepEqual(mistakesAfter(nginx, byDay), [
    "routes.web.middlewares[0]: nginx cannot count requests by 24h, expected 1s or 1m",
    "oauth2Proxies.grafana-gate.middlewares[0]: nginx cannot count requests by 24h, expected 1s or 1m",
  ]);
  assert.match(
    mistakesAfter(nginx, ["minVersion: VersionTLS12", "minVersion: VersionTLS13"])[0]!,
    /^routes\.web\.tlsOptions: nginx has one oldest version for all hosts/,
  );
});

Deno.test("checkEdges() refuses a second middleware of a kind where the controller knows no second", () => {
  const two: [string, string][] = [
    ["[limit, security", "[limit, slow, security"],
    ["  small: {", "  slow: { rateLimit: { average: 5, period: 1s, burst: 5 } }\n  small: {"],
  ];
  assert.deepEqual(mistakesAfter(traefik, ...two), []);
  assert.deepEqual(mistakesAfter(envoy, ...two), [
    "routes.web.middlewares[1]: rateLimit is given by limit already, expected one: envoy-gateway knows no second",
  ]);
});

Deno.test("checkEdges() wants one set of TLS options for all hosts of a gateway", () => {
  const other: [string, string][] = [
    ["websocket: true\n", "websocket: true\n    tlsOptions: newest\n"],
    ["tlsOptions:\n  modern", "tlsOptions:\n  newest: { minVersion: VersionTLS13 }\n  modern"],
  ];
  assert.deepEqual(mistakesAfter(traefik, ...other), []);
  assert.deepEqual(mistakesAfter(envoy, ...other), [
    "routes.live.tlsOptions: route web has modern on the same gateway, expected modern or none",
  ]);
});

Deno.test("checkEdges() refuses issuers that cannot vouch for a certificate", () => {
  assert.deepEqual(
    mistakesAfter(traefik, ["issuer: wildcards,", "issuer: letsencrypt,"], [
      "issuer: own",
      "issuer: root",
    ]),
    [
      "certificates.shop-tls.issuer: letsencrypt shows control of a host by HTTP, which cannot be done for *.example.org, expected an issuer with dns01",
    ],
  );
  assert.deepEqual(
    mistakesAfter(traefik, ["{ namespace: shop, ca:", "{ namespace: edge, ca:"]),
    ["certificates.web-mtls.issuer: own serves namespace edge only, expected one for shop"],
  );
  assert.deepEqual(
    mistakesAfter(traefik, ["renewBeforeDays: 30", "renewBeforeDays: 90"]),
    [
      "certificates.shop-tls.renewBeforeDays: 90 days before its end is before its beginning, expected less than 90",
    ],
  );
});

Deno.test("an ACME issuer says who is told and how control is shown, and no other does", () => {
  assert.deepEqual(
    mistakesAfter(traefik, ["    challenge: http01\n", ""], [
      "root: { selfSigned: true }",
      "root: { selfSigned: true, email: a@example.org }",
    ]),
    [
      "issuers.letsencrypt.challenge: missing, expected with server",
      "issuers.root.email: given, expected only with server",
    ],
  );
});

Deno.test("checkEdges() keeps hosts to the domain of their namespace's tenant", () => {
  assert.deepEqual(mistakesAfter(tenant, ["hosts: [api.acme.com]", "hosts: [api.acme.org]"]), [
    "routes.api.hosts[0]: api.acme.org is not in the domain of the tenant acme, expected acme.com or a name below it",
  ]);
});

Deno.test("checkEdges() wants the namespaces of a tenant to carry its domain, and a gateway to serve it", () => {
  assert.deepEqual(mistakesAfter(tenant, [", domain: acme.com }", ", domain: acme.org }"]), [
    "namespaces.acme-prod.domain: acme.org, expected acme.com, the domain of tenant acme",
  ]);
  const mistakes = mistakesAfter(tenant, ["controller: envoy-gateway", "controller: nginx"]);
  assert(
    mistakes.includes(
      "tenants.acme: no gateway serves tenants, expected envoy-gateway as the controller of ingress",
    ),
    mistakes.join("\n"),
  );
});

Deno.test("checkEdges() wants a flow to each service that a denied route leads to", () => {
  assert.deepEqual(mistakesAfter(tenant, ["from: shared-gateway, to: api", "from: api, to: api"]), [
    "routes.api.service: namespace acme-prod denies what no flow allows, expected a flow from shared-gateway to api",
    "routes.raw.service: namespace acme-prod denies what no flow allows, expected a flow from shared-gateway to api",
  ]);
});

Deno.test("checkEdges() wants the keys that an OAuth2 Proxy reads, and who may pass", () => {
  assert.deepEqual(mistakesAfter(traefik, ["OAUTH2_PROXY_COOKIE_SECRET]", "COOKIE_SECRET]"]), [
    "oauth2Proxies.gate.secret: secret gate-credentials has no key OAUTH2_PROXY_COOKIE_SECRET, expected OAUTH2_PROXY_CLIENT_ID, OAUTH2_PROXY_CLIENT_SECRET, OAUTH2_PROXY_COOKIE_SECRET",
  ]);
  assert.deepEqual(
    mistakesAfter(traefik, [
      "github: { organization: example, teams: [ops], users: [octocat] }",
      "github: {}",
    ]),
    [
      "oauth2Proxies.gate.github: neither organization nor users given, expected one: all of GitHub could pass",
    ],
  );
});

Deno.test("checkEdges() refuses health checks that notice a lost node too late", () => {
  const haproxy = (fall: number) => `
haproxy:
  edge:
    nodes: { worker-1: 10.0.0.11 }
    ports: { https: { port: 443, mode: tcp } }
    healthCheck: { port: 10254, fall: ${fall} }
    failoverSeconds: 5
`;
  assert.deepEqual(mistakesOf(traefik + haproxy(3)), []);
  assert.deepEqual(mistakesOf(traefik + haproxy(4)), [
    "haproxy.edge.failoverSeconds: a lost node is noticed after up to 6 s, expected less than 5 s: less of intervalMs, timeoutMs or fall",
  ]);
});
