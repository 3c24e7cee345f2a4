import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { simulatedTable, urlsOf } from "../../lib/flows/closing.ts";

const route = (name: string, match: string, tls?: unknown): Manifest => ({
  apiVersion: "traefik.io/v1alpha1",
  kind: "IngressRoute",
  metadata: { name, namespace: "shop" },
  spec: { routes: [{ match }], ...(tls === undefined ? {} : { tls }) },
});

Deno.test("urlsOf() names each host once, by HTTPS where a route has it", () => {
  const manifests = [
    route("redirect", "Host(`a.example`) || Host(`b.example`)"),
    route("web", "Host(`a.example`)", { secretName: "tls" }),
    route("api", "Host(`a.example`) && PathPrefix(`/api`)", {}),
  ];
  assert.deepEqual(urlsOf(manifests), [
    ["https://a.example", "IngressRoute shop/web"],
    ["http://b.example", "IngressRoute shop/redirect"],
    ["https://a.example/api", "IngressRoute shop/api"],
  ]);
});

Deno.test("simulatedTable() names only systems whose objects are there, and how many", () => {
  const systems = simulatedTable([route("a", ""), route("b", "")]).rows.map(([system, state]) =>
    `${system}: ${state}`
  );
  assert.deepEqual(systems, [
    "Nodes and pods: simulated",
    "Volumes: simulated",
    "Traefik: 2 objects admitted, not ready",
  ]);
});
