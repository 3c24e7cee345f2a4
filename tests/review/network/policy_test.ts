import assert from "node:assert/strict";
import { policiesOf } from "../../../lib/review/network/policy.ts";
import { policy } from "./sample_network.ts";

function directionsOf(spec: unknown): string[] {
  return Object.keys(policiesOf([policy("shop", spec)])[0]!.rules);
}

Deno.test("policiesOf() isolates for ingress when nothing is said", () => {
  assert.deepEqual(directionsOf({ podSelector: {} }), ["Ingress"]);
  assert.deepEqual(directionsOf({ podSelector: {}, policyTypes: [] }), ["Ingress"]);
});

Deno.test("policiesOf() isolates for egress too where there are egress rules, not for an empty list", () => {
  assert.deepEqual(directionsOf({ egress: [{}] }), ["Ingress", "Egress"]);
  assert.deepEqual(directionsOf({ egress: [] }), ["Ingress"]);
});

Deno.test("policiesOf() leaves rules of a direction aside that policyTypes does not name", () => {
  assert.deepEqual(directionsOf({ policyTypes: ["Egress"], ingress: [{}] }), ["Egress"]);
});

Deno.test("policiesOf() takes ports for TCP, and empty lists for everything", () => {
  const [read] = policiesOf([policy("shop", {
    ingress: [{ from: [], ports: [{ port: 80 }, { protocol: "UDP", port: 53 }] }, { ports: [] }],
  })]);
  assert.deepEqual(read!.rules.Ingress, [
    { ports: [{ port: 80, protocol: "TCP" }, { protocol: "UDP", port: 53 }] },
    {},
  ]);
});

Deno.test("policiesOf() passes by what is no NetworkPolicy of Kubernetes", () => {
  const foreign = { ...policy("shop", {}), apiVersion: "projectcalico.org/v3" };
  assert.deepEqual(policiesOf([foreign]), []);
});
