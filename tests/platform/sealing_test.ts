import assert from "node:assert/strict";
import { loadPlatform } from "../../lib/platform/load.ts";
import { controllerPlace, usualController } from "../../lib/platform/sealing.ts";
import { platformNames, readPlatformFile } from "../../lib/flows/render/render.ts";

const places: Record<string, string> = {
  glucosync: "sealed-secrets",
  "ontu-schedule": "sealed-secrets",
  bareuptime: usualController.namespace,
};

for (const [name, namespace] of Object.entries(places)) {
  Deno.test(`the Sealed Secrets controller of ${name} is looked for in ${namespace}`, async () => {
    assert.ok((await platformNames()).includes(name));
    const { file, text } = await readPlatformFile(name, { cwd: "/" });
    const environment = name === "ontu-schedule" ? "prod" : "production";
    const platform = loadPlatform(text, { file, environment });
    assert.deepEqual(controllerPlace(platform), { namespace, name: "sealed-secrets-controller" });
  });
}
