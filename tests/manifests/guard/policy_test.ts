import assert from "node:assert/strict";
import type { Issuer, Platform } from "../../../lib/platform/types.ts";
import { networkPolicies } from "../../../manifests/components/guard/policy.ts";
import { samplePlatform, sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

function policies(changes: Partial<Platform>) {
  return networkPolicies(samplePlatform({
    namespaces: {
      shop: { podSecurity: "restricted", defaultDeny: true },
      lab: { podSecurity: "restricted" },
    },
    workloads: { web: sampleWorkload(), test: sampleWorkload({ namespace: "lab" }) },
    ...changes,
  }));
}

Deno.test("networkPolicies() denies all but DNS where nothing is allowed", () => {
  const manifests = policies({});
  assert.deepEqual(namesOf(manifests, "NetworkPolicy"), ["shop/default-deny", "shop/allow-dns"]);
  assert.deepEqual(find(manifests, "NetworkPolicy", "shop/default-deny").spec, {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
});

Deno.test("networkPolicies() opens a flow at those of its ends that deny", () => {
  const manifests = policies({ flows: [{ from: "test", to: "web", ports: [8080] }] });
  assert.deepEqual(find(manifests, "NetworkPolicy", "shop/web-from-test").spec, {
    podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } },
    policyTypes: ["Ingress"],
    ingress: [{
      from: [{
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "lab" } },
        podSelector: { matchLabels: { "app.kubernetes.io/name": "test" } },
      }],
      ports: [{ protocol: "TCP", port: 8080 }],
    }],
  });
  assert.equal(namesOf(manifests, "NetworkPolicy").includes("lab/test-to-web"), false);
});

Deno.test("networkPolicies() allows the addresses of external services, and no more", () => {
  const manifests = policies({
    externalServices: {
      db: { namespace: "shop", addresses: ["10.0.0.1", "fd00::1"], ports: { db: 5432 } },
    },
    flows: [{ from: "web", to: "db", ports: [5432] }, { from: "web", to: "db", ports: [5433] }],
  });
  const [rule] = find(manifests, "NetworkPolicy", "shop/web-to-db").spec.egress;
  assert.deepEqual(rule.to, [
    { ipBlock: { cidr: "10.0.0.1/32" } },
    { ipBlock: { cidr: "fd00::1/128" } },
  ]);
  assert.deepEqual(rule.ports.map(({ port }: { port: number }) => port), [5432, 5433]);
});

Deno.test("networkPolicies() lets HTTP-01 challenges reach their solver beside a certificate", () => {
  const certified = (challenge: Issuer["challenge"]) =>
    policies({
      ingress: { controller: "traefik", className: "traefik", peer: "traefik" },
      peers: { traefik: { namespace: "kube-system" } },
      issuers: { le: { server: "https://acme.example.org", email: "ops@example.org", challenge } },
      certificates: { tls: { namespace: "shop", hosts: ["www.example.org"], issuer: "le" } },
    });
  const manifests = certified("http01");
  const { spec } = find(manifests, "NetworkPolicy", "shop/allow-acme-solver");
  assert.deepEqual(spec.podSelector.matchLabels, { "acme.cert-manager.io/http01-solver": "true" });
  assert.deepEqual(spec.ingress[0].ports, [{ protocol: "TCP", port: 8089 }]);
  const tokenSecret = { name: "cloudflare", key: "token" };
  const byDns = certified({ dns01: { cloudflare: { tokenSecret } } });
  assert.equal(namesOf(byDns, "NetworkPolicy").includes("shop/allow-acme-solver"), false);
});

const three = {
  web: sampleWorkload(),
  api: sampleWorkload({ ports: { http: 8080, metrics: 9100 } }),
  db: sampleWorkload({ ports: { sql: 5432, metrics: 9187 } }),
};

function portsOf(rules: { ports: { protocol: string; port: number }[] }[]): string[][] {
  return rules.map(({ ports }) => ports.map(({ protocol, port }) => `${protocol} ${port}`));
}

Deno.test("networkPolicies() makes one policy at the end that faces a group", () => {
  const manifests = policies({
    workloads: three,
    groups: { apps: ["web", "api"] },
    flows: [{ from: "apps", to: "db", ports: [5432] }],
  });
  assert.deepEqual(
    namesOf(manifests, "NetworkPolicy").filter((name) => !/default|dns/.test(name)).sort(),
    ["shop/api-to-db", "shop/db-from-apps", "shop/web-to-db"],
  );
  const [rule, ...others] = find(manifests, "NetworkPolicy", "shop/db-from-apps").spec.ingress;
  assert.deepEqual(others, []);
  assert.deepEqual(
    rule.from.map((peer: { podSelector: { matchLabels: Record<string, string> } }) =>
      peer.podSelector.matchLabels["app.kubernetes.io/name"]
    ),
    ["web", "api"],
  );
});

Deno.test("networkPolicies() knows the ports of each member by name, and opens no others", () => {
  const manifests = policies({
    workloads: three,
    groups: { scraped: { havingPort: "metrics" } },
    flows: [{ from: "web", to: "scraped", ports: ["metrics"] }],
  });
  const { egress } = find(manifests, "NetworkPolicy", "shop/web-to-scraped").spec;
  assert.deepEqual(portsOf(egress), [["TCP 9100"], ["TCP 9187"]]);
  assert.deepEqual(egress.map(({ to }: { to: unknown[] }) => to.length), [1, 1]);
  const db = find(manifests, "NetworkPolicy", "shop/db-from-web").spec;
  assert.deepEqual(portsOf(db.ingress), [["TCP 9187"]]);
});

Deno.test("networkPolicies() connects members of a group with each other, and none with itself", () => {
  const manifests = policies({
    workloads: three,
    groups: { all: ["web", "api", "db"] },
    flows: [{ from: "all", to: "all", ports: [7946] }],
  });
  const { ingress } = find(manifests, "NetworkPolicy", "shop/db-from-all").spec;
  assert.deepEqual(
    ingress[0].from.map((peer: { podSelector: { matchLabels: Record<string, string> } }) =>
      peer.podSelector.matchLabels["app.kubernetes.io/name"]
    ),
    ["web", "api"],
  );
});

Deno.test("networkPolicies() speaks UDP where a flow or a port says so", () => {
  const peers = {
    dns: { namespace: "lab", ports: { dns: { port: 53, protocol: "UDP" as const } } },
  };
  const manifests = policies({
    peers,
    flows: [
      { from: "web", to: "dns", ports: ["dns"] },
      { from: "web", to: "dns", ports: [53] },
      { from: "web", to: "dns", ports: [123], protocol: "UDP" },
    ],
  });
  const { egress } = find(manifests, "NetworkPolicy", "shop/web-to-dns").spec;
  assert.deepEqual(portsOf(egress), [["UDP 53", "TCP 53", "UDP 123"]]);
});

Deno.test("networkPolicies() makes no rule without peers or ports, which would allow everything", () => {
  const manifests = policies({
    peers: { nobody: { cidrs: [] } },
    flows: [
      { from: "web", to: "nobody", ports: [80] },
      { from: "test", to: "web", ports: ["unknown"] },
    ],
  });
  const rules = manifests.filter(({ metadata }) => !metadata.name.includes("dns"))
    .flatMap(({ spec }) => {
      const { ingress = [], egress = [] } = spec as { ingress?: unknown[]; egress?: unknown[] };
      return [...ingress, ...egress];
    });
  assert.deepEqual(rules, []);
});

Deno.test("networkPolicies() finds pods in the network of their node by the nodes' addresses", () => {
  const manifests = policies({
    workloads: {
      web: sampleWorkload(),
      agent: sampleWorkload({ hostNetwork: { because: "it looks at the node" } }),
    },
    peers: { nodes: { cidrs: ["192.0.2.0/24"] } },
    flows: [
      { from: "web", to: "agent", ports: [9100] },
      { from: "agent", to: "web", ports: [8080] },
    ],
  });
  const nodes = [{ ipBlock: { cidr: "192.0.2.0/24" } }];
  assert.deepEqual(find(manifests, "NetworkPolicy", "shop/web-to-agent").spec.egress[0].to, nodes);
  assert.deepEqual(
    find(manifests, "NetworkPolicy", "shop/web-from-agent").spec.ingress[0].from,
    nodes,
  );
  assert.deepEqual(
    namesOf(manifests, "NetworkPolicy").filter((name) => name.startsWith("shop/agent")),
    [],
  );
});
