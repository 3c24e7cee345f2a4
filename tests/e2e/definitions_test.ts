import assert from "node:assert/strict";
import { parsePins } from "../../lib/crds/pins.ts";
import { crdManifests } from "../../lib/flows/crds.ts";
import { renderPlatform } from "../../lib/flows/render.ts";
import { loadValidator, renderedKinds } from "../../lib/kube/structural.ts";
import { isBuiltIn } from "../../lib/kube/order.ts";
import { groupOf } from "../../lib/core/object.ts";

Deno.test("each custom resource of BareUptime is what the pinned definition allows", async () => {
  await loadValidator();
  const { manifests } = await renderPlatform({ platform: "bareuptime" }, { cwd: Deno.cwd() });
  const kinds = renderedKinds(
    await crdManifests(manifests, {
      env: (name) => Deno.env.get(name),
      signal: new AbortController().signal,
    }),
  );
  const custom = manifests.filter(({ apiVersion }) => !isBuiltIn(groupOf(apiVersion)));
  assert(custom.length > 20, `only ${custom.length} custom resources`);
  for (const manifest of custom) {
    const { apiVersion, kind, metadata } = manifest;
    const definition = kinds.get(`${apiVersion}/${kind}`);
    assert(definition !== undefined, `${apiVersion} ${kind} is not defined`);
    assert.equal(definition.namespaced, metadata.namespace !== undefined);
    assert.deepEqual(definition.validate(manifest), [], `${kind} ${metadata.name}`);
  }
});

Deno.test("each pinned release can be had, and defines kinds of its groups and no others", async () => {
  const pins = parsePins(await Deno.readTextFile("manifests/crds.yaml"));
  const context = {
    env: (name: string) => Deno.env.get(name),
    signal: new AbortController().signal,
  };
  for (const { name, groups } of pins) {
    const ofEachGroup = groups.map((group) => ({
      apiVersion: `${group}/v1`,
      kind: "Any",
      metadata: { name },
    }));
    const definitions = await crdManifests(ofEachGroup, context);
    const defined = definitions.map(({ spec }) => (spec as { group: string }).group);
    assert.deepEqual([...new Set(defined)].sort(), [...groups].sort(), name);
  }
});
