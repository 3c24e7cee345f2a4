import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";
import { UsageError } from "../../../lib/core/errors.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { renderPlatform, toYaml } from "../../../lib/flows/render/render.ts";

const bareuptime = new URL("../../../manifests/platforms/bareuptime/", import.meta.url).pathname;

Deno.test("renderPlatform() finds a platform by name and by path", async () => {
  const byName = await renderPlatform({ platform: "bareuptime" }, { cwd: "/" });
  const byPath = await renderPlatform({ platform: "./platform.yaml" }, { cwd: bareuptime });
  assert.equal(byName.platform.name, "bareuptime");
  assert.deepEqual(byPath, byName);
});

Deno.test("renderPlatform() says which platforms there are when the name is wrong", async () => {
  await assert.rejects(
    renderPlatform({ platform: "bareuptme" }, { cwd: "/" }),
    (error: unknown) =>
      error instanceof UsageError && /manifests\/platforms has .*bareuptime/.test(error.message) &&
      error.remedy?.endsWith("did you mean bareuptime?") === true,
  );
});

Deno.test("renderPlatform() says which file is not there", async () => {
  await assert.rejects(
    renderPlatform({ platform: "other.yaml" }, { cwd: bareuptime }),
    (error: unknown) =>
      error instanceof UsageError && error.message.includes(`${bareuptime}other.yaml`),
  );
});

Deno.test("renderPlatform() names a file of the working directory as it would be typed", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/mine.yaml`, "name: demo\n");
    await assert.rejects(
      renderPlatform({ platform: "mine.yaml" }, { cwd }),
      /^PlatformInvalid: mine\.yaml:1:1: environments: missing/,
    );
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("toYaml() writes all manifests so that they are read back the same", async () => {
  const { manifests } = await renderPlatform({ platform: "bareuptime" }, { cwd: "/" });
  const documents = parseAllDocuments(await toYaml(manifests)).map((document) => document.toJS());
  assert.deepEqual(documents, manifests);
});

Deno.test("toYaml() quotes what parsers of YAML 1.1 would misread", async () => {
  const words = [
    "yes",
    "on",
    "Off",
    "n",
    "0o7",
    "017",
    "1_000",
    "12:30",
    "1e3",
    "~",
    "null",
    "",
    "=",
  ];
  const data = Object.fromEntries(words.map((word, index) => [`key-${index}`, word]));
  const manifest: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data };
  const text = await toYaml([manifest]);
  assert.deepEqual(parse(text, { version: "1.1" }), manifest);
  for (const word of words) assert(text.includes(`: "${word}"\n`), word);
});
