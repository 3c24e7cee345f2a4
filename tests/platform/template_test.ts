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

Deno.test("fromTemplate() quotes a name that YAML would take for something else", () => {
  const platforms = loadEnvironments(fromTemplate(template, { ...changes, name: "null" }), {
    file: "f",
  });
  assert.equal(platforms.get("prod")!.name, "null");
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

Deno.test("fromTemplate() changes nothing else, not even a space", () => {
  const text = fromTemplate(template, { ...changes, environments: ["prod"] });
  const wanted = template
    .replace("name: monobase", "name: acme")
    .replace("domain: myclient.com", "domain: acme.com")
    .replace("  staging: { domain: staging.myclient.com }\n", "");
  assert.equal(text, wanted);
});

Deno.test("fromTemplate() takes an environment away with its lines, and with the comment above it", () => {
  const long = template.replace(
    "  staging: { domain: staging.myclient.com }\n",
    `  # For trials.
  # They may break.
  staging:
    domain: staging.myclient.com
    workloads:
      web: null # not yet
`,
  );
  const of = (...environments: string[]) => fromTemplate(long, { ...changes, environments });
  assert.match(of("prod"), /environments:\n {2}# Where clients are\.\n {2}prod: \{\}\n\nname/);
  const staging = of("staging");
  assert.match(
    staging,
    /may break\.\n {2}staging:\n {4}workloads:\n {6}web: null # not yet\n\nname/,
  );
  assert.doesNotMatch(staging, /prod|Where clients/);
});

Deno.test("fromTemplate() takes environments out of braces, wherever they stand", () => {
  const inBraces =
    "name: a\ndomain: a.com\nenvironments: { dev: {}, test: {}, prod: {}, last: {} }\n";
  const left = (...environments: string[]) =>
    fromTemplate(inBraces, { ...changes, environments }).split("\n")[2];
  assert.equal(left("dev"), "environments: { dev: {} }");
  assert.equal(left("test", "prod"), "environments: { test: {}, prod: {} }");
  assert.equal(left("dev", "last"), "environments: { dev: {}, last: {} }");
  assert.equal(left("last"), "environments: { last: {} }");
});

Deno.test("fromTemplate() leaves out what overlays have sealed, and for which cluster, and deletes nothing by that", () => {
  const sealed = `name: a
domain: a.example
environments:
  dev:
    domain: dev.example
    sealing: { fingerprint: ab }
    sealedSecrets:
      web:
        sealed:
          PASSWORD: AgBy
        sealedWith:
          PASSWORD: certificate=x
  prod: { sealedSecrets: { web: { sealed: { PASSWORD: AgBz } }, mail: { scope: strict } }, domain: x.example }
sealing:
  certificate: sealing.pem
sealedSecrets:
  web: { namespace: a, keys: [PASSWORD] }
`;
  assert.equal(
    fromTemplate(sealed, { name: "b", domain: "b.example", environments: [] }),
    `name: b
domain: b.example
environments:
  dev:
  prod: { sealedSecrets: { mail: { scope: strict } } }
sealedSecrets:
  web: { namespace: a, keys: [PASSWORD] }
`,
  );
});

Deno.test("fromTemplate() leaves out what was sealed for another namespace", () => {
  const sealed = `${template}sealedSecrets:
  web:
    namespace: a
    keys: [PASSWORD]
    sealed:
      PASSWORD: AgBy
  mail: { namespace: a, keys: [TOKEN], sealed: { TOKEN: AgBz } }
`;
  const text = fromTemplate(sealed, changes);
  assert.match(text, /keys: \[PASSWORD\]\n {2}mail: \{ namespace: a, keys: \[TOKEN\] \}\n$/);
  assert.doesNotMatch(text, /AgB|sealed:/);
});
