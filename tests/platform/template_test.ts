import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { fromTemplate } from "../../lib/platform/template.ts";

const template = `# All of it.
name: monobase
domain: myclient.com

environments:
  staging: { domain: staging.myclient.com }
  # Where clients are.
  prod: {}

namespaces:
  # One for each environment.
  $(name)-$(environment): { podSecurity: restricted }
`;
const changes = { name: "acme", domain: "acme.com", environments: [] };

Deno.test("fromTemplate() gives the name and the domain to what the file says with variables", () => {
  const text = fromTemplate(template, changes);
  const platforms = loadEnvironments(text, { file: "f" });
  assert.deepEqual([...platforms.keys()], ["staging", "prod"]);
  assert.deepEqual(Object.keys(platforms.get("prod")!.namespaces), ["acme-prod"]);
  assert.doesNotMatch(text, /myclient|monobase/);
});

Deno.test("fromTemplate() keeps an environment's domain that follows from the file's", () => {
  const following = template.replace("staging.myclient.com", "staging.$(domain)");
  const platforms = loadEnvironments(fromTemplate(following, changes), { file: "f" });
  assert.equal(platforms.get("staging")!.domain, "staging.acme.com");
});

Deno.test("fromTemplate() keeps comments, and only the environments that are wanted", () => {
  const text = fromTemplate(template, { ...changes, environments: ["prod"] });
  assert.match(text, /# All of it\.[^]*# Where clients are\.[^]*# One for each environment\./);
  assert.deepEqual([...loadEnvironments(text, { file: "f" }).keys()], ["prod"]);
});

Deno.test("fromTemplate() refuses an environment that the template does not have", () => {
  assert.throws(
    () => fromTemplate(template, { ...changes, environments: ["prd"] }),
    (error: unknown) =>
      error instanceof UsageError && /staging, prod/.test(error.message) &&
      /did you mean prod\?/.test(error.remedy ?? ""),
  );
});

Deno.test("fromTemplate() leaves out what was sealed for another namespace", () => {
  const sealed = `${template}sealedSecrets:\n  web: { namespace: a, keys: { PASSWORD: AgBy } }\n`;
  const text = fromTemplate(sealed, changes);
  assert.match(text, /PASSWORD: null/);
  assert.doesNotMatch(text, /AgBy/);
});
