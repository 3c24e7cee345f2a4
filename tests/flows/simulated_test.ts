import assert from "node:assert/strict";
import { parsePins } from "../../lib/crds/pins.ts";
import { absentControllerOf, absentControllers } from "../../lib/flows/simulated.ts";

Deno.test("each kind whose definition is pinned has a controller that is said to be absent", async () => {
  const pins = parsePins(
    await Deno.readTextFile(new URL("../../manifests/crds.yaml", import.meta.url)),
  );
  for (const group of pins.flatMap(({ groups }) => groups)) {
    assert(absentControllerOf(`${group}/v1`) !== undefined, group);
  }
});

Deno.test("no API group has two absent controllers, and built-in ones have none", () => {
  const groups = absentControllers.flatMap(({ groups }) => groups);
  assert.deepEqual(groups, [...new Set(groups)]);
  for (const apiVersion of ["v1", "apps/v1", "admissionregistration.k8s.io/v1"]) {
    assert.equal(absentControllerOf(apiVersion), undefined);
  }
});
