import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { platformSchemaPath, platformSchemaText } from "../../lib/flows/platform_schema.ts";
import { platformJsonSchema } from "../../lib/platform/json_schema.ts";

const project = new URL("../../", import.meta.url);

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(
  await platformJsonSchema(),
);

function errorsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

Deno.test("the JSON Schema for editors says what the schema in the code says", async () => {
  const committed = await Deno.readTextFile(new URL(platformSchemaPath, project));
  assert.equal(committed, await platformSchemaText(), "run `deno task schema`");
});

Deno.test("the JSON Schema accepts each platform file", async () => {
  const folder = new URL("manifests/platforms/", project);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(`${name}/platform.yaml`, folder));
    assert.deepEqual(errorsOf(parse(text)), [], name);
  }
});

Deno.test("the JSON Schema refuses unknown keys, in overlays too, and lets overlays delete", () => {
  const overlay = (production: unknown) => ({ name: "demo", environments: { production } });
  assert.deepEqual(errorsOf(overlay({ workloads: { web: { replicas: null } } })), []);
  assert.deepEqual(
    errorsOf(overlay({ backups: { resources: { limits: { cpu: "1" } } } })),
    [],
  );
  const errors = errorsOf(overlay({ workloads: { web: { replica: 1 } } }));
  assert(errors.some((error) => error.endsWith("web additionalProperties")), errors.join("\n"));
});

Deno.test("the JSON Schema lets environments give what the rest leaves out", () => {
  const web = { namespace: "shop" };
  const document = {
    name: "demo",
    workloads: { web },
    environments: { staging: { workloads: { web: { image: "ghcr.io/a/b:1" } } } },
  };
  assert.deepEqual(errorsOf(document), []);
  const wrong = { ...document, workloads: { web: { namespace: 1 } } };
  assert.match(errorsOf(wrong).join(), /web\/namespace/);
});
