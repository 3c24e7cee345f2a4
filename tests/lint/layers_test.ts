import assert from "node:assert/strict";
import plugin from "../../lint/layers.ts";

const project = new URL("../../", import.meta.url).pathname;

/** The messages of the plugin for a file of the project that holds this source. */
function messages(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, `${project}${path}`, source).map(({ message }) => message);
}

const forms: Record<string, (specifier: string) => string> = {
  "a value import": (to) => `import { a } from "${to}"; a();`,
  "an import for its effects": (to) => `import "${to}";`,
  "a type import": (to) => `import type { A } from "${to}"; export type B = A;`,
  "an import of single types": (to) => `import { type A } from "${to}"; export type B = A;`,
  "an export of names": (to) => `export { a } from "${to}";`,
  "an export of types": (to) => `export type { A } from "${to}";`,
  "an export of everything": (to) => `export * from "${to}";`,
  "a dynamic import": (to) => `await import("${to}");`,
  "a dynamic import of a template": (to) => `await import(\`${to}\`);`,
  "a dynamic import that Deno does not look ahead for": (to) =>
    `await import(new URL("${to}", import.meta.url).href);`,
  "an import type": (to) => `export type B = import("${to}").A;`,
  "an import by its way round": (to) => `import "../kube/${to}";`,
  "an import by absolute path": (to) => `import "${new URL(to, `file://${project}lib/kube/`)}";`,
};

for (const [form, source] of Object.entries(forms)) {
  Deno.test(`a system folder may not reach another one by ${form}`, () => {
    assert.deepEqual(messages("lib/kube/plan.ts", source("../local/up.ts")), [
      "lib/kube may not import lib/local: it may import only core",
    ]);
  });

  Deno.test(`a system folder may reach core by ${form}`, () => {
    assert.deepEqual(messages("lib/kube/plan.ts", source("../core/errors.ts")), []);
  });
}

const ways: [from: string, to: string, isAllowed: boolean][] = [
  ["lib/platform/catalogue.ts", "manifests/charts.yaml", true],
  ["lib/core/errors.ts", "lib/core/units.ts", true],
  ["lib/core/errors.ts", "lib/kube/plan.ts", false],
  ["lib/core/errors.ts", "lib/ui/mod.ts", false],
  ["lib/platform/load.ts", "lib/core/errors.ts", true],
  ["lib/platform/load.ts", "lib/kube/plan.ts", false],
  ["manifests/components/route.ts", "lib/platform/schema.ts", true],
  ["manifests/components/route.ts", "lib/core/object.ts", true],
  ["manifests/components/route.ts", "lib/kube/plan.ts", false],
  ["manifests/components/route.ts", "lib/flows/render/render.ts", false],
  ["lib/review/network/policy.ts", "lib/core/object.ts", true],
  ["lib/review/network/policy.ts", "lib/platform/types.ts", true],
  ["lib/review/network/policy.ts", "lib/review/pods.ts", true],
  ["lib/review/network/policy.ts", "manifests/components/route.ts", false],
  ["lib/review/network/policy.ts", "lib/kube/plan.ts", false],
  ["lib/platform/check.ts", "lib/review/network/policy.ts", false],
  ["lib/flows/render/render.ts", "lib/review/network/policy.ts", true],
  ["tasks/render.ts", "lib/review/network/policy.ts", false],
  ["lib/vault/policy.ts", "lib/kube/client.ts", false],
  ["lib/kube/plan.ts", "lib/flows/apply.ts", false],
  ["lib/local/up.ts", "lib/local/paths.ts", true],
  ["lib/flows/apply.ts", "lib/kube/plan.ts", true],
  ["lib/flows/apply.ts", "manifests/components/route.ts", true],
  ["lib/flows/apply.ts", "lib/ui/mod.ts", false],
  ["lib/flows/apply.ts", "tasks/shared/cli.ts", false],
  ["lib/ui/live.ts", "lib/core/units.ts", true],
  ["lib/ui/live.ts", "lib/flows/apply.ts", false],
  ["tasks/apply.ts", "lib/flows/apply.ts", true],
  ["tasks/apply.ts", "lib/ui/mod.ts", true],
  ["tasks/apply.ts", "tasks/shared/cli.ts", true],
  ["tasks/apply.ts", "lib/kube/plan.ts", false],
  ["tasks/apply.ts", "lib/platform/load.ts", false],
  ["tasks/ops/reboot.ts", "lib/mod.ts", true],
  ["tasks/shared/run.ts", "lib/kube/plan.ts", false],
  ["lib/mod.ts", "lib/kube/plan.ts", true],
  ["lib/kube/plan.ts", "tests/kube/plan_test.ts", false],
  ["tests/kube/plan_test.ts", "lib/kube/plan.ts", true],
];

for (const [from, to, isAllowed] of ways) {
  Deno.test(`${from} may ${isAllowed ? "" : "not "}import ${to}`, () => {
    const up = "../".repeat(from.split("/").length - 1);
    assert.equal(messages(from, `import "${up}${to}";`).length, isAllowed ? 0 : 1);
  });
}

const touches: [path: string, source: string, message: string | undefined][] = [
  ["lib/flows/apply.ts", "Deno.args;", "lib/flows may not use Deno.args"],
  ["lib/flows/apply.ts", "Deno.env.get('A');", "lib/flows may not use Deno.env"],
  ["lib/flows/apply.ts", "Deno['env'].get('A');", "lib/flows may not use Deno.env"],
  ["lib/flows/apply.ts", "globalThis.Deno.exit(1);", "lib/flows may not use Deno.exit"],
  ["lib/flows/apply.ts", "const { args } = Deno;", "lib/flows may not use Deno"],
  ["lib/flows/apply.ts", "look(Deno);", "lib/flows may not use Deno"],
  ["lib/flows/apply.ts", "import 'node:process';", "lib/flows may not import node:process"],
  ["lib/flows/apply.ts", "await Deno.readTextFile('a');", undefined],
  ["lib/flows/apply.ts", "type A = Deno.HttpClient;", undefined],
  ["lib/flows/apply.ts", "console.log('a');", "lib/flows may not use console.log"],
  ["lib/flows/apply.ts", "shape.console;", undefined],
  ["lib/flows/apply.ts", "const a = { console: 1 };", undefined],
  ["lib/ui/screen.ts", "Deno.stdout;", undefined],
  ["lib/ui/screen.ts", "Deno.env.get('A');", "lib/ui may not use Deno.env"],
  ["tasks/apply.ts", "Deno.exit(Deno.args.length);", undefined],
  ["tasks/apply.ts", "console.log('a');", "tasks may not use console.log"],
  ["tasks/shared/host.ts", "Deno.stdout;", "tasks/shared may not use Deno.stdout"],
  [
    "lib/platform/load.ts",
    "Deno.readTextFileSync('a');",
    "lib/platform may not use Deno.readTextFileSync",
  ],
  ["lib/platform/load.ts", "await fetch('a');", "lib/platform may not use fetch"],
  ["lib/platform/load.ts", "new Date();", "lib/platform may not ask for the time"],
  ["lib/platform/load.ts", "new Date('2026-11-21');", undefined],
  ["lib/platform/load.ts", "Temporal.Now.instant();", "lib/platform may not use Temporal.Now"],
  ["lib/platform/load.ts", "Temporal.Instant.from('a');", undefined],
  ["lib/platform/load.ts", "Math.random();", "lib/platform may not use Math.random"],
  ["lib/platform/load.ts", "Math.max(1, 2);", undefined],
  [
    "lib/platform/load.ts",
    "import { readFile } from 'node:fs';",
    "lib/platform is pure and may not import node:fs",
  ],
  ["lib/platform/load.ts", "import type { Stats } from 'node:fs';", undefined],
  ["lib/platform/load.ts", "import { join } from 'node:path';", undefined],
  ["lib/platform/load.ts", "import { createHash } from 'node:crypto';", undefined],
  [
    "lib/platform/load.ts",
    "import { randomBytes } from 'node:crypto';",
    "lib/platform is pure and may not import node:crypto",
  ],
  [
    "lib/review/network/policy.ts",
    "await Deno.readTextFile('a');",
    "lib/review may not use Deno.readTextFile",
  ],
  [
    "manifests/components/route.ts",
    "performance.now();",
    "manifests/components may not use performance.now",
  ],
  ["tests/kube/plan_test.ts", "Deno.env.get('A'); console.log('a');", undefined],
];

for (const [path, source, message] of touches) {
  Deno.test(`in ${path}, ${source} is ${message === undefined ? "allowed" : "refused"}`, () => {
    assert.deepEqual(messages(path, source), message === undefined ? [] : [message]);
  });
}

Deno.test("a dynamic import whose target is computed is refused", () => {
  assert.deepEqual(messages("tasks/apply.ts", "await import(name);"), [
    'The target of a dynamic import must be a string literal, or new URL("…", import.meta.url).href, so that the layer rules can see it',
  ]);
});

Deno.test("files outside of all rooms are nobody's business", () => {
  assert.deepEqual(messages("scratch.ts", `import "./lib/kube/plan.ts"; Deno.args;`), []);
});
