import assert from "node:assert/strict";
import type { Endpoint } from "../../../lib/review/network/endpoint.ts";
import { policiesOf } from "../../../lib/review/network/policy.ts";
import { reachability } from "../../../lib/review/network/reach.ts";
import { addresses, pods, policy } from "./sample_network.ts";

const web = pods("shop", "web");
const db = pods("shop", "db", { ports: [{ name: "sql", port: 5432, protocol: "TCP" }] });
const spy = pods("lab", "web");

/** How much of `to` may be reached from `from` under policies of namespace shop. */
function reach(
  specs: unknown[],
  from: Endpoint,
  to: Endpoint,
  port = 5432,
  protocol = "TCP",
): string {
  const policies = policiesOf(specs.map((spec) => policy("shop", spec)));
  return reachability(policies)(from, to, { port, protocol }).reach;
}

const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

Deno.test("without policies everybody may reach everybody", () => {
  assert.equal(reach([], web, db), "all");
  assert.equal(reach([], spy, addresses("0.0.0.0/0"), 1, "SCTP"), "all");
});

Deno.test("a policy without rules lets nothing in and nothing out", () => {
  assert.equal(reach([denyAll], web, db), "none");
  assert.equal(reach([denyAll], spy, db), "none");
  assert.equal(reach([denyAll], web, addresses("192.0.2.1/32")), "none");
});

Deno.test("a policy holds pods of its own namespace only", () => {
  assert.equal(reach([denyAll], spy, pods("lab", "db")), "all");
});

Deno.test("a policy for ingress leaves what goes out alone", () => {
  const policies = [{ podSelector: {}, policyTypes: ["Ingress"] }];
  assert.equal(reach(policies, web, spy), "all");
  assert.equal(reach(policies, spy, web), "none");
});

Deno.test("both ends must allow a connection", () => {
  const out = { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"] };
  const to = [{ podSelector: { matchLabels: { app: "db" } } }];
  const into = { podSelector: { matchLabels: { app: "db" } }, ingress: [{ from: [] }] };
  assert.equal(reach([{ ...out, egress: [{ to }] }, into], web, db), "all");
  assert.equal(reach([out, into], web, db), "none");
  assert.equal(
    reach([{ ...out, egress: [{ to }] }, { ...into, ingress: [] }], web, db),
    "none",
  );
});

Deno.test("policies add up: what one allows, no other can take away", () => {
  const allow = { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] };
  assert.equal(reach([{ podSelector: {}, policyTypes: ["Ingress"] }, allow], web, db), "all");
});

function peer(from: unknown, source: Endpoint): string {
  return reach(
    [{ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [from] }] }],
    source,
    db,
  );
}

Deno.test("a podSelector alone means pods beside the policy", () => {
  const from = { podSelector: { matchLabels: { app: "web" } } };
  assert.equal(peer(from, web), "all");
  assert.equal(peer(from, spy), "none");
});

Deno.test("a namespaceSelector alone means all pods there", () => {
  const from = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "lab" } } };
  assert.equal(peer(from, spy), "all");
  assert.equal(peer(from, web), "none");
  assert.equal(peer({ namespaceSelector: {} }, web), "all");
});

Deno.test("both selectors in one peer must hold, in two peers either", () => {
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "lab" } };
  const podSelector = { matchLabels: { app: "db" } };
  assert.equal(peer({ namespaceSelector, podSelector }, spy), "none");
  const either = { ingress: [{ from: [{ namespaceSelector }, { podSelector }] }] };
  assert.equal(reach([{ podSelector: {}, ...either }], spy, db), "all");
});

Deno.test("expressions select namespaces too", () => {
  const not = { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["lab"] };
  assert.equal(peer({ namespaceSelector: { matchExpressions: [not] } }, spy), "none");
  assert.equal(peer({ namespaceSelector: { matchExpressions: [not] } }, web), "all");
});

Deno.test("an ipBlock means addresses, but for what is excepted", () => {
  const from = { ipBlock: { cidr: "192.0.2.0/24", except: ["192.0.2.128/25"] } };
  assert.equal(peer(from, addresses("192.0.2.1/32")), "all");
  assert.equal(peer(from, addresses("192.0.2.200/32")), "none");
  assert.equal(peer(from, addresses("192.0.2.0/24")), "some");
});

Deno.test("an ipBlock that holds the addresses of pods means pods as well", () => {
  const from = { ipBlock: { cidr: "0.0.0.0/0" } };
  assert.equal(peer(from, spy), "all");
  assert.equal(peer({ ipBlock: { cidr: "10.42.3.0/24" } }, spy), "some");
  assert.equal(peer({ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }, spy), "none");
});

function ports(given: unknown[], port: number, protocol = "TCP", to: Endpoint = db): string {
  return reach([{ podSelector: {}, ingress: [{ ports: given }] }], web, to, port, protocol);
}

Deno.test("a port is one of its protocol, TCP unless said otherwise", () => {
  assert.equal(ports([{ port: 5432 }], 5432), "all");
  assert.equal(ports([{ port: 5432 }], 5433), "none");
  assert.equal(ports([{ port: 53 }], 53, "UDP"), "none");
  assert.equal(ports([{ port: 53, protocol: "UDP" }], 53, "UDP"), "all");
});

Deno.test("a protocol without a port means all of its ports", () => {
  assert.equal(ports([{ protocol: "UDP" }], 9, "UDP"), "all");
  assert.equal(ports([{ protocol: "UDP" }], 9), "none");
});

Deno.test("an endPort makes a range, both ends included", () => {
  const range = [{ port: 30000, endPort: 32767 }];
  assert.deepEqual(
    [29999, 30000, 32767, 32768].map((port) => ports(range, port)),
    ["none", "all", "all", "none"],
  );
});

Deno.test("a named port is the one that the answering pods call so", () => {
  assert.equal(ports([{ port: "sql" }], 5432), "all");
  assert.equal(ports([{ port: "sql" }], 5432, "UDP"), "none");
  assert.equal(ports([{ port: "sql" }], 5432, "TCP", web), "none");
  const out = { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: "sql" }] }] };
  assert.equal(reach([out], web, db, 5432), "all");
  assert.equal(reach([out], web, db, 80), "none");
  assert.equal(reach([out], web, addresses("192.0.2.1/32"), 5432), "none");
});

Deno.test("pods in the network of their node are held by no policy, and selected by none", () => {
  const agent = pods("shop", "web", { hostNetwork: true });
  assert.equal(reach([denyAll], agent, spy), "all");
  assert.equal(peer({ podSelector: {} }, agent), "none");
  assert.equal(peer({ ipBlock: { cidr: "10.0.0.0/8" } }, agent), "some");
});

Deno.test("a verdict names the policies that allow, and says which end is isolated", () => {
  const policies = policiesOf([
    policy("shop", { podSelector: {}, policyTypes: ["Ingress"] }, "deny"),
    policy("shop", { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }, "near"),
  ]);
  assert.deepEqual(reachability(policies)(web, db, { port: 1, protocol: "TCP" }), {
    reach: "all",
    egress: { reach: "all", isolated: false, by: [], byAddress: false },
    ingress: { reach: "all", isolated: true, by: ["NetworkPolicy shop/near"], byAddress: false },
  });
});

Deno.test("a verdict tells when only a range of addresses allows pods", () => {
  const range = { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] };
  const near = { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] };
  const byAddress = (specs: unknown[], from: Endpoint) =>
    reachability(policiesOf(specs.map((spec) => policy("shop", spec))))(from, db, {
      port: 1,
      protocol: "TCP",
    }).ingress.byAddress;
  assert.equal(byAddress([range], web), true);
  assert.equal(byAddress([range, near], web), false);
  assert.equal(byAddress([range], addresses("192.0.2.1/32")), false);
});
