/**
 * Render all platforms in all of their environments in one process, print the objects as `yaml` or `json`, and at
 * last, on a line of its own, how long it took from the first file to the last object, in milliseconds.
 */
import type { Manifest } from "../../lib/core/object.ts";
import { platformNames, readPlatformFile, toYaml } from "../../lib/flows/render/render.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { renderLoaded } from "../../manifests/components/render.ts";

const [form] = Deno.args;
const startedAt = performance.now();
const manifests: Manifest[] = [];
for (const name of await platformNames()) {
  const { file, text } = await readPlatformFile(name, { cwd: Deno.cwd() });
  for (const platform of loadEnvironments(text, { file }).values()) {
    manifests.push(...renderLoaded(platform));
  }
}
const ms = performance.now() - startedAt;
const lines = form === "yaml"
  ? await toYaml(manifests)
  : manifests.map((manifest) => `${JSON.stringify(manifest)}\n`).join("");
console.log(`${lines}# ${JSON.stringify({ ms, objects: manifests.length })}`);
