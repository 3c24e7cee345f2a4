import assert from "node:assert/strict";
import { endName } from "../../../lib/review/network/ends.ts";
import { flowMatrix } from "../../../lib/review/network/matrix.ts";
import { matrixText } from "../../../lib/review/network/matrix_text.ts";
import { portsText } from "../../../lib/review/network/port_set.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { render } from "../../../manifests/components/render.ts";
import { matrixOf, shop } from "./sample_shop.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { policy } from "./sample_network.ts";

function pairs(platform: Platform, more: ReturnType<typeof policy>[] = []): string[] {
  return flowMatrix([...render(platform), ...more], platform).allowed.map((pair) =>
    `${endName(pair.from)} > ${endName(pair.to)} ${portsText(pair.ports)}` +
    (pair.isByAddress ? " by address" : "") + (pair.isPartial ? " in part" : "")
  );
}

Deno.test("flowMatrix() finds in rendered policies what the flows say, and no more", () => {
  assert.deepEqual(pairs(shop()), [
    "shop/web > shop/db 5432",
    "shop/web > internet 443",
    "edge/gateway > shop/web 8080",
  ]);
});

Deno.test("flowMatrix() counts the pairs that are denied, without those of strangers among themselves", () => {
  const { allowed, denied, open } = matrixOf(shop());
  // web, db and the gateway and the internet: 12 pairs, 2 of them between the last two.
  assert.deepEqual({ allowed: allowed.length, denied, open }, { allowed: 3, denied: 7, open: 0 });
});

Deno.test("flowMatrix() reads policies, not flows", () => {
  const more = policy("shop", {
    podSelector: { matchLabels: { "app.kubernetes.io/name": "db" } },
    ingress: [{ from: [{ namespaceSelector: {} }] }],
  });
  assert(pairs(shop(), [more]).includes("edge/gateway > shop/db 5432"));
});

Deno.test("flowMatrix() counts pairs that no policy holds as open, and lists none of them", () => {
  const platform = shop({
    namespaces: { edge: { existing: true }, shop: { podSecurity: "restricted" } },
  });
  const { allowed, denied, open } = matrixOf(platform);
  assert.deepEqual({ allowed: allowed.length, denied, open }, { allowed: 0, denied: 0, open: 10 });
});

Deno.test("flowMatrix() tells pods that only a range of addresses allows", () => {
  const platform = shop({
    namespaces: {
      edge: { existing: true },
      shop: { podSecurity: "restricted", defaultDeny: true },
      lab: { podSecurity: "restricted" },
    },
    workloads: { ...shop().workloads, probe: sampleWorkload({ namespace: "lab", services: {} }) },
    peers: { ...shop().peers, anywhere: { cidrs: ["0.0.0.0/0"] } },
    flows: [{ from: "web", to: "anywhere", ports: [8080] }],
  });
  assert.deepEqual(pairs(platform), [
    "shop/web > lab/probe 8080 by address",
    "shop/web > edge/gateway 8080 by address",
    "shop/web > internet 8080",
    "shop/web > anywhere 8080",
  ]);
});

Deno.test("flowMatrix() takes addresses that two ends have for those of the smaller one", () => {
  const platform = shop({
    peers: {
      all: { cidrs: ["10.0.0.0/8"] },
      host: { cidrs: ["10.1.1.1/32"] },
    },
    flows: [{ from: "web", to: "host", ports: [22] }],
    namespaces: { shop: { podSecurity: "restricted", defaultDeny: true } },
  });
  assert.deepEqual(pairs(platform), ["shop/web > host 22"]);
});

Deno.test("flowMatrix() finds the pods that operators make, by the labels that these give them", () => {
  const postgres = {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name: "orders", namespace: "shop" },
    spec: { instances: 3 },
  };
  const platform = shop({
    peers: {
      ...shop().peers,
      "orders-db": { namespace: "shop", podLabels: { "cnpg.io/cluster": "orders" } },
    },
    flows: [{ from: "web", to: "orders-db", ports: [5432] }],
  });
  const { allowed, ends } = flowMatrix([...render(platform), postgres], platform);
  assert.deepEqual(allowed.map(({ to, ports }) => [to.name, to.rendered, portsText(ports)]), [
    ["orders-db", true, "5432"],
  ]);
  assert.equal(ends.filter(({ name }) => name === "orders-db").length, 1);
});

Deno.test("flowMatrix() tells the roles of an operator's pods apart where a policy does", () => {
  const postgres = {
    apiVersion: "acid.zalan.do/v1",
    kind: "postgresql",
    metadata: { name: "orders", namespace: "shop" },
    spec: { numberOfInstances: 2 },
  };
  const master = policy("shop", {
    podSelector: { matchLabels: { "spilo-role": "master" } },
    ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 5432 }] }],
  });
  const out = policy("shop", { podSelector: {}, policyTypes: ["Egress"], egress: [{}] });
  const { allowed } = flowMatrix([...render(shop({ flows: [] })), postgres, master, out], shop());
  assert.deepEqual(
    allowed.filter(({ to }) => to.namespace === "shop").map(({ from, to }) =>
      `${from.name} > ${to.name}`
    ),
    [
      "db > orders-master",
      "web > orders-master",
      "orders-master > orders-master",
      "orders-replica > orders-master",
    ],
  );
});

Deno.test("matrixText() lists by namespace and source, then counts", () => {
  assert.equal(
    matrixText(matrixOf(shop())),
    `shop
  web      → shop: db   5432
           → internet   443

edge
  gateway  → shop: web  8080

3 pairs are allowed, 7 denied`,
  );
});

Deno.test("matrixText() puts targets with the same ports on one line, and breaks long lists", () => {
  const names = Array.from({ length: 12 }, (_, index) => `program-${index}`);
  const platform = shop({
    workloads: Object.fromEntries(
      ["reader", ...names].map((name) => [
        name,
        sampleWorkload({ serviceAccount: name, services: {}, ports: { metrics: 9100 } }),
      ]),
    ),
    groups: { scraped: names },
    flows: [{ from: "reader", to: "scraped", ports: ["metrics"] }],
  });
  const [heading, first, second, third, ...rest] = matrixText(matrixOf(platform)).split("\n");
  assert.equal(heading, "shop");
  assert.match(first!, /^ {2}reader {2}→ shop: program-0, program-1, .*, {2}9100$/);
  assert.match(second!, /^ {14}program-\d+, .*program-\d+,$/);
  assert.match(third!, /^ {14}program-8, program-9$/);
  assert.match(rest.join("\n"), /^\n12 pairs are allowed, \d+ denied$/);
});

Deno.test("matrixText() names those that no policy holds", () => {
  const platform = shop({
    namespaces: {
      edge: { existing: true },
      shop: { podSecurity: "restricted", defaultDeny: true },
      lab: { podSecurity: "restricted" },
    },
    workloads: { ...shop().workloads, probe: sampleWorkload({ namespace: "lab", services: {} }) },
  });
  const text = matrixText(matrixOf(platform));
  assert.match(text, /^Anybody may connect to lab\/probe$/m);
  assert.match(text, /^No policy bounds the connections of lab\/probe$/m);
});
