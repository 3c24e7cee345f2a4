import assert from "node:assert/strict";
import { balancerAddresses, type Service } from "../../../lib/local/nodes/load_balancer.ts";
import type { Node } from "../../../lib/local/nodes/storage.ts";

function node(name: string, addresses: Record<string, string>, labels = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    status: { addresses: Object.entries(addresses).map(([type, address]) => ({ type, address })) },
  };
}

function service(name: string, port: number, created: string, more = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop", creationTimestamp: created },
    spec: { type: "LoadBalancer", ports: [{ port }], ...more },
  };
}

const nodes = [node("b", { InternalIP: "10.0.0.2" }), node("a", { InternalIP: "10.0.0.1" })];
const answers = (services: Service[], of = nodes) =>
  balancerAddresses(services, of).map(({ addresses }) => addresses);

Deno.test("a service of type LoadBalancer has the addresses of all nodes", () => {
  assert.deepEqual(answers([service("web", 80, "2026-01-01T00:00:00Z")]), [[
    "10.0.0.1",
    "10.0.0.2",
  ]]);
});

Deno.test("external addresses come before internal ones", () => {
  const mixed = [...nodes, node("c", { InternalIP: "10.0.0.3", ExternalIP: "203.0.113.3" })];
  assert.deepEqual(answers([service("web", 80, "2026-01-01T00:00:00Z")], mixed), [["203.0.113.3"]]);
});

Deno.test("once a node is labelled for it, only labelled nodes serve", () => {
  const label = { "svccontroller.k3s.cattle.io/enablelb": "true" };
  const some = [...nodes, node("c", { InternalIP: "10.0.0.3" }, label)];
  assert.deepEqual(answers([service("web", 80, "2026-01-01T00:00:00Z")], some), [["10.0.0.3"]]);
});

Deno.test("of two services with one port the older has it, and the other waits", () => {
  const younger = service("b", 443, "2026-01-02T00:00:00Z");
  const older = service("a", 443, "2026-01-01T00:00:00Z");
  assert.deepEqual(answers([younger, older]), [[], ["10.0.0.1", "10.0.0.2"]]);
});

Deno.test("the same port number over UDP is another port", () => {
  const udp = service("dns", 443, "2026-01-02T00:00:00Z", {
    ports: [{ port: 443, protocol: "UDP" }],
  });
  const [, second] = answers([service("web", 443, "2026-01-01T00:00:00Z"), udp]);
  assert.deepEqual(second, ["10.0.0.1", "10.0.0.2"]);
});

Deno.test("services of other types and of other classes are left alone", () => {
  assert.deepEqual(
    answers([
      service("inner", 80, "2026-01-01T00:00:00Z", { type: "ClusterIP" }),
      service("metal", 81, "2026-01-01T00:00:00Z", { loadBalancerClass: "metallb.io/metallb" }),
    ]),
    [[], []],
  );
});
