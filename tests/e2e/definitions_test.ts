import assert from "node:assert/strict";
import { parsePins } from "../../lib/crds/pins.ts";
import { crdManifests } from "../../lib/flows/crds.ts";
import { platformsFolder } from "../../lib/flows/render/render.ts";
import { loadValidator, renderedKinds } from "../../lib/kube/structural.ts";
import { isBuiltIn } from "../../lib/kube/order.ts";
import { groupOf } from "../../lib/core/object.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { render } from "../../manifests/components/render.ts";

const context = {
  env: (name: string) => Deno.env.get(name),
  signal: new AbortController().signal,
};

for await (const { name: platform } of Deno.readDir(platformsFolder)) {
  Deno.test(`each custom resource of ${platform} is what the pinned definitions allow`, async () => {
    await loadValidator();
    const file = `${platformsFolder}/${platform}/platform.yaml`;
    const environments = loadEnvironments(await Deno.readTextFile(file), { file });
    for (const [environment, described] of environments) {
      const custom = render(described)
        .filter(({ apiVersion }) => !isBuiltIn(groupOf(apiVersion)));
      const kinds = renderedKinds(await crdManifests(custom, context));
      assert(custom.length > 0, `no custom resource in ${environment}`);
      for (const manifest of custom) {
        const { apiVersion, kind, metadata } = manifest;
        const subject = `${environment}: ${kind} ${metadata.name}`;
        const definition = kinds.get(`${apiVersion}/${kind}`);
        assert(definition !== undefined, `${subject}: ${apiVersion} is not defined`);
        assert.equal(definition.namespaced, metadata.namespace !== undefined, subject);
        assert.deepEqual(definition.validate(manifest), [], subject);
      }
    }
  });
}

Deno.test("each pinned release can be had, and defines kinds of its groups and no others", async () => {
  const pins = parsePins(await Deno.readTextFile("manifests/crds.yaml"));
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
