import assert from "node:assert/strict";
import type { Platform } from "../../../lib/platform/types.ts";
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
  const manifests = policies({
    ingress: { controller: "traefik", className: "traefik", peer: "traefik" },
    peers: { traefik: { namespace: "kube-system" } },
    certificates: { tls: { namespace: "shop", hosts: ["www.example.org"], issuer: "le" } },
  });
  const { spec } = find(manifests, "NetworkPolicy", "shop/allow-acme-solver");
  assert.deepEqual(spec.podSelector.matchLabels, { "acme.cert-manager.io/http01-solver": "true" });
  assert.deepEqual(spec.ingress[0].ports, [{ protocol: "TCP", port: 8089 }]);
});
