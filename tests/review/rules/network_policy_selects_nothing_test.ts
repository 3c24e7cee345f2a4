import assert from "node:assert/strict";
import { networkPolicySelectsNothing } from "../../../lib/review/rules/network_policy_selects_nothing.ts";
import { complaints, object, workload } from "../sample_objects.ts";

function policy(podSelector: unknown, namespace = "shop") {
  return object("NetworkPolicy", "allow", { podSelector }, {
    apiVersion: "networking.k8s.io/v1",
    namespace,
  });
}

Deno.test("a policy for labels that no pod has selects nothing", () => {
  const web = workload("web");
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [web, policy({ matchLabels: { app: "wbe" } })]),
    ["NetworkPolicy shop/allow: no pod of namespace shop has the labels app=wbe"],
  );
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [web, policy({ matchLabels: { app: "web" } })]),
    [],
  );
  const term = { key: "app", operator: "In", values: ["web", "api"] };
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [web, policy({ matchExpressions: [term] })]),
    [],
  );
});

Deno.test("a policy for a whole namespace, or for one that somebody else fills, may wait for pods", () => {
  assert.deepEqual(complaints(networkPolicySelectsNothing, [policy({})]), []);
  assert.deepEqual(
    complaints(
      networkPolicySelectsNothing,
      [policy({ matchLabels: { app: "dns" } }, "kube-system")],
      { namespaces: { "kube-system": { existing: true } } },
    ),
    [],
  );
  const chart = object("HelmChart", "x", { targetNamespace: "shop" }, {
    apiVersion: "helm.cattle.io/v1",
    namespace: "kube-system",
  });
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [chart, policy({ matchLabels: { app: "x" } })]),
    [],
  );
});

Deno.test("pods of peers and of operators count, and those that answer challenges", () => {
  const peers = { redis: { namespace: "shop", podLabels: { app: "redis" } } };
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [policy({ matchLabels: { app: "redis" } })], { peers }),
    [],
  );
  const cluster = object("Cluster", "db", { instances: 3 }, {
    apiVersion: "postgresql.cnpg.io/v1",
  });
  assert.deepEqual(
    complaints(networkPolicySelectsNothing, [
      cluster,
      policy({ matchLabels: { "cnpg.io/cluster": "db" } }),
    ]),
    [],
  );
  const issuer = object("ClusterIssuer", "acme", { acme: { solvers: [{ http01: {} }] } }, {
    namespace: null,
  });
  const solver = policy({ matchLabels: { "acme.cert-manager.io/http01-solver": "true" } });
  const certificate = (name: string) => object("Certificate", "tls", { issuerRef: { name } });
  const told = (name: string) =>
    complaints(networkPolicySelectsNothing, [issuer, certificate(name), solver]).length;
  assert.equal(told("acme"), 0);
  assert.equal(told("vault"), 1);
});
