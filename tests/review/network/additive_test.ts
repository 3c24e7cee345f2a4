import assert from "node:assert/strict";
import fc from "fast-check";
import type { PodEndpoint } from "../../../lib/review/network/endpoint.ts";
import { type Direction, policiesOf, type Policy } from "../../../lib/review/network/policy.ts";
import { policiesHolding, reachability } from "../../../lib/review/network/reach.ts";
import { addresses, pods, policy } from "./sample_network.ts";

const apps = ["web", "api", "db"];
const namespaces = ["shop", "lab"];
const portName = { db: "sql", api: "http", web: "http" } as Record<string, string>;
const everybody: PodEndpoint[] = namespaces.flatMap((namespace) =>
  apps.map((app, index) =>
    pods(namespace, app, {
      ports: [{ name: portName[app]!, port: 8080 + index, protocol: "TCP" }],
      ...(namespace === "lab" && app === "api" ? { hostNetwork: true } : {}),
    })
  )
);
const ends = [...everybody, addresses("192.0.2.0/24"), addresses("10.0.0.0/8")];
const queries = [8080, 8081, 8082, 53].flatMap((port) =>
  ["TCP", "UDP"].map((protocol) => ({ port, protocol }))
);

const selector = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...apps).map((app) => ({ matchLabels: { app } })),
  fc.record({
    operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
    values: fc.subarray(apps, { minLength: 1 }),
  }).map(({ operator, values }) => ({
    matchExpressions: [
      operator.endsWith("n") ? { key: "app", operator, values } : { key: "app", operator },
    ],
  })),
);
const namespaceSelector = fc.constantFrom(
  {},
  ...namespaces.map((name) => ({ matchLabels: { "kubernetes.io/metadata.name": name } })),
);
const ipBlock = fc.constantFrom(
  { cidr: "0.0.0.0/0" },
  { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] },
  { cidr: "192.0.2.0/25" },
  { cidr: "10.42.0.0/16" },
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector: selector, namespaceSelector }),
  fc.record({ ipBlock }),
);
const port = fc.oneof(
  fc.constantFrom({ port: 8080 }, { port: 8081, endPort: 8082 }, { port: "http" }, { port: "sql" }),
  fc.constantFrom({ protocol: "UDP", port: 53 }, { protocol: "UDP" }, { protocol: "TCP" }),
);
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const spec = fc.record({
  podSelector: selector,
  policyTypes: fc.constantFrom(undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]),
  ingress: fc.array(fc.record({ from: peers, ports }), { maxLength: 2 }),
  egress: fc.array(fc.record({ to: peers, ports }), { maxLength: 2 }),
});
const oneOf = fc.record({ namespace: fc.constantFrom(...namespaces), spec });
const several = fc.array(oneOf, { maxLength: 4 });

function read(specs: readonly { namespace: string; spec: unknown }[]): Policy[] {
  return policiesOf(
    specs.map(({ namespace, spec }, index) => policy(namespace, spec, `policy-${index}`)),
  );
}

/** What is reached, for each pair and each port. */
function table(policies: readonly Policy[]): string[] {
  const mayReach = reachability(policies);
  return ends.flatMap((from) =>
    ends.flatMap((to) => queries.map((query) => mayReach(from, to, query).reach))
  );
}

function isIsolated(
  end: typeof ends[number],
  direction: Direction,
  policies: readonly Policy[],
): boolean {
  return end.kind === "pods" &&
    policiesHolding(end, policies).some(({ rules }) => rules[direction] !== undefined);
}

const rank = { none: 0, some: 1, all: 2 };

Deno.test("one more policy takes nothing away but from those that it is the first to isolate", () => {
  fc.assert(
    fc.property(several, oneOf, (before, added) => {
      const policies = read(before);
      const more = read([...before, added]);
      const [mayReach, mayReachThen] = [reachability(policies), reachability(more)];
      for (const from of ends) {
        for (const to of ends) {
          const becomesIsolated =
            isIsolated(from, "Egress", more) && !isIsolated(from, "Egress", policies) ||
            isIsolated(to, "Ingress", more) && !isIsolated(to, "Ingress", policies);
          if (becomesIsolated) continue;
          for (const query of queries) {
            const [was, is] = [mayReach, mayReachThen].map((ask) => ask(from, to, query).reach);
            assert(rank[is!] >= rank[was!], `${from.name} to ${to.name}: ${was}, then ${is}`);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("the order of policies does not matter, nor that one stands there twice", () => {
  fc.assert(
    fc.property(several, (specs) => {
      const wanted = table(read(specs));
      assert.deepEqual(table(read(specs.toReversed())), wanted);
      assert.deepEqual(table(read([...specs, ...specs])), wanted);
    }),
    { numRuns: 40 },
  );
});

Deno.test("two rules in one policy allow what they do in two", () => {
  fc.assert(
    fc.property(several, (specs) => {
      const apart = specs.flatMap(({ namespace, spec }) => {
        const policyTypes = Object.keys(read([{ namespace, spec }])[0]!.rules);
        const none = { namespace, spec: { ...spec, policyTypes, ingress: [], egress: [] } };
        const rest = policyTypes.includes("Ingress")
          ? spec.ingress.map((rule) => ({
            namespace,
            spec: { podSelector: spec.podSelector, policyTypes: ["Ingress"], ingress: [rule] },
          }))
          : [];
        const out = policyTypes.includes("Egress")
          ? spec.egress.map((rule) => ({
            namespace,
            spec: { podSelector: spec.podSelector, policyTypes: ["Egress"], egress: [rule] },
          }))
          : [];
        return [none, ...rest, ...out];
      });
      assert.deepEqual(table(read(apart)), table(read(specs)));
    }),
    { numRuns: 40 },
  );
});

Deno.test("a verdict names a policy wherever an isolated end is reached, and only there", () => {
  fc.assert(
    fc.property(several, (specs) => {
      const policies = read(specs);
      const mayReach = reachability(policies);
      for (const from of everybody) {
        for (const to of everybody) {
          const { ingress } = mayReach(from, to, queries[0]!);
          assert.equal(ingress.isolated, isIsolated(to, "Ingress", policies));
          if (!ingress.isolated) assert.deepEqual(ingress.by, []);
          else assert.equal(ingress.by.length > 0, ingress.reach !== "none");
        }
      }
    }),
    { numRuns: 40 },
  );
});
