import assert from "node:assert/strict";
import fc from "fast-check";
import { commonPorts, portsText, portsWhere } from "../../../lib/review/network/port_set.ts";
import { addresses, pods } from "./sample_network.ts";

const tcp = (first: number, last = first) => ({ protocol: "TCP", first, last });

Deno.test("portsWhere() finds all ports that are allowed, asking only at their edges", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 0, max: 2000 }))
    .map(([port, more]) => ({ protocol: "TCP", port, endPort: Math.min(65535, port + more) }));
  fc.assert(fc.property(fc.array(range, { maxLength: 5 }), (ports) => {
    const isAllowed = (protocol: string, port: number) =>
      protocol === "TCP" && ports.some((rule) => rule.port <= port && port <= rule.endPort);
    const found = portsWhere([{ ports }], addresses("192.0.2.1/32"), isAllowed);
    for (let port = 1; port <= 65535; port += 7) {
      assert.equal(
        found.some(({ first, last }) => first <= port && port <= last),
        isAllowed("TCP", port),
      );
    }
    found.slice(1).forEach(({ first }, index) => assert(first > found[index]!.last + 1));
  }));
});

Deno.test("portsWhere() looks at the ports that pods have by name", () => {
  const db = pods("shop", "db", { ports: [{ name: "sql", port: 5432, protocol: "TCP" }] });
  const isSql = (_protocol: string, port: number) => port === 5432;
  assert.deepEqual(
    portsWhere([], db, (protocol, port) => protocol === "TCP" && isSql(protocol, port)),
    [
      tcp(5432),
    ],
  );
});

Deno.test("commonPorts() keeps what pods answer on, each once and in order", () => {
  const own = [9100, 80, 80, 53].map((port) => ({ port, protocol: "TCP" }));
  assert.deepEqual(commonPorts([tcp(60, 10000)], own), [tcp(80), tcp(9100)]);
  assert.deepEqual(commonPorts([{ ...tcp(1, 65535), protocol: "UDP" }], own), []);
});

Deno.test("portsText() names the protocol where it is not TCP, and all ports as any", () => {
  assert.equal(portsText([tcp(443), tcp(30000, 32767)]), "443, 30000-32767");
  assert.equal(portsText([{ ...tcp(53), protocol: "UDP" }]), "53/UDP");
  assert.equal(portsText([tcp(1, 65535)]), "any TCP port");
  assert.equal(portsText([tcp(1, 65535), { ...tcp(1, 65535), protocol: "UDP" }]), "any port");
});
