import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { parsePins, pinsUsedBy } from "../../lib/crds/pins.ts";

const pins = parsePins(
  await Deno.readTextFile(new URL("../../manifests/crds.yaml", import.meta.url)),
);

Deno.test("every definition is pinned by a version and a SHA-256", () => {
  assert.deepEqual(pins.map(({ name, version }) => `${name} ${version}`), [
    "traefik v3.6.0",
    "cert-manager v1.21.2",
    "external-secrets v0.19.2",
    "argo-cd v3.2.3",
    "gateway-api v1.6.1",
    "envoy-gateway v1.9.1",
    "prometheus-operator v0.85.0",
    "sealed-secrets v0.40.0",
    "velero v1.18.3",
    "volume-snapshots v8.6.0",
    "helm-controller v0.17.7",
    "longhorn v1.8.1",
    "cloudnative-pg v1.28.0",
    "postgres-operator v1.15.0",
  ]);
  for (const { files } of pins) {
    for (const [file, sum] of Object.entries(files)) assert.match(sum, /^[0-9a-f]{64}$/, file);
  }
});

Deno.test("no API group is defined by two pins", () => {
  const groups = pins.flatMap((pin) => pin.groups);
  assert.deepEqual(groups, [...new Set(groups)]);
});

Deno.test("pinsUsedBy() takes the releases whose groups are used, and no other", () => {
  const object = (apiVersion: string, kind: string): Manifest => ({
    apiVersion,
    kind,
    metadata: { name: "web" },
  });
  const manifests = [
    object("v1", "Service"),
    object("velero.io/v1", "Schedule"),
    object("acme.cert-manager.io/v1", "Order"),
    object("example.org/v1", "Boat"),
  ];
  assert.deepEqual(pinsUsedBy(manifests, pins).map(({ name }) => name), ["cert-manager", "velero"]);
  assert.deepEqual(pinsUsedBy([object("v1", "Service")], pins), []);
});
