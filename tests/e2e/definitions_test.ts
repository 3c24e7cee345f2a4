import assert from "node:assert/strict";
import { crdManifests } from "../../lib/flows/crds.ts";
import { renderPlatform } from "../../lib/flows/render.ts";
import { loadValidator, renderedKinds } from "../../lib/kube/structural.ts";
import { isBuiltIn } from "../../lib/kube/order.ts";
import { groupOf } from "../../lib/core/object.ts";

Deno.test("each custom resource of BareUptime is what the pinned definition allows", async () => {
  await loadValidator();
  const kinds = renderedKinds(
    await crdManifests({
      env: (name) => Deno.env.get(name),
      signal: new AbortController().signal,
    }),
  );
  const { manifests } = await renderPlatform({ platform: "bareuptime" }, { cwd: Deno.cwd() });
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
