import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { parsePins, pinsUsedBy } from "../../lib/crds/pins.ts";

const pins = parsePins(
  await Deno.readTextFile(new URL("../../manifests/crds.yaml", import.meta.url)),
);

Deno.test("every definition is pinned by a version and a SHA-256", () => {
  assert(pins.length > 0);
  for (const { name, version, groups, files } of pins) {
    assert.match(version, /^v\d+\.\d+\.\d+$/, name);
    assert(groups.length > 0 && Object.keys(files).length > 0, name);
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
