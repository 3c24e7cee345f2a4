import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { parseAllDocuments } from "yaml";
import { projectFolder } from "../../tasks/shared/project.ts";
import { type Outcome, permissionSets, start, startTask, taskFile } from "./start.ts";

const tasks = [...(await permissionSets()).keys()];
const targeted = ["bootstrap", "apply", "diff", "status", "scale", "destroy"];

/** Each task with the arguments that it cannot do without. */
function argumentsOf(task: string): string[] {
  switch (task) {
    case "scale":
      return ["bareuptime-backend", "--replicas", "2"];
    case "new":
      return ["--from", "bareuptime", "--client", "acme"];
    case "rotate-secret":
      return ["database-credentials", "--key", "PGPASSWORD"];
    default:
      return [];
  }
}

const helps = new Map<string, Outcome>();

/** What a task answers to `--help`, which it is asked once. */
async function helpOf(task: string): Promise<Outcome> {
  const help = helps.get(task) ?? await startTask(task, "--help");
  helps.set(task, help);
  return help;
}

for (const task of tasks) {
  Deno.test(`${task} --help has a summary, the common options and examples`, async () => {
    const { code, stdout, stderr } = await helpOf(task);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, new RegExp(`^Usage: deno task ${task} `));
    for (const part of ["--json", "--timeout <duration>", "--verbose", "Examples:"]) {
      assert.ok(stdout.includes(part), `${part} in:\n${stdout}`);
    }
    assert.match(stdout, new RegExp(`^  deno task ${task}`, "m"));
  });

  Deno.test(`${task} refuses an option that it does not know, and exits with 2`, async () => {
    const { code, stdout, stderr } = await startTask(
      task,
      ...argumentsOf(task),
      "--no-such-option",
    );
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    assert.match(stderr, /^error: Wrong usage: unknown option '--no-such-option'\n {2}remedy: /);
  });
}

for (const task of [...targeted, "render"]) {
  Deno.test(`${task} refuses a platform that is not there, and exits with 2`, async () => {
    const { code, stderr } = await startTask(
      task,
      ...argumentsOf(task),
      "--platform",
      "bareuptim",
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /error: .*bareuptim/);
    assert.match(stderr, /^ {2}remedy: .*bareuptime/m);
  });
}

for (const task of targeted) {
  Deno.test(`${task} takes all options that choose a target`, async () => {
    const { stdout } = await helpOf(task);
    for (const option of ["--platform", "--env", "--kubeconfig", "--context", "--cluster"]) {
      assert.ok(stdout.includes(option), option);
    }
  });

  Deno.test(`${task} names a kubeconfig that is not there, and exits with 2`, async () => {
    const { code, stderr } = await startTask(
      task,
      ...argumentsOf(task),
      "--kubeconfig",
      "/nonexistent/config",
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /\/nonexistent\/config/);
  });
}

for (const task of ["bootstrap", "apply", "scale", "destroy"]) {
  Deno.test(`${task} takes --dry-run and --yes`, async () => {
    const { stdout } = await helpOf(task);
    assert.match(stdout, /--dry-run/);
    assert.match(stdout, /--yes/);
  });
}

Deno.test("render prints a platform with no permission but to read, the same in YAML and JSON", async () => {
  const [yaml, json] = await Promise.all([startTask("render"), startTask("render", "--json")]);
  assert.deepEqual([yaml.code, json.code, json.stderr], [0, 0, ""]);
  // What the review has to say goes beside the objects, and nothing was refused for want of a permission.
  assert.match(yaml.stderr, /^((warning|capacity): .*\n( {2}remedy: .*\n)?)*$/);
  const names = parseAllDocuments(yaml.stdout).map((document) => document.toJS().metadata.name);
  const lines = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).metadata.name);
  assert.ok(names.length > 50, `only ${names.length} objects`);
  assert.deepEqual(names, lines);
});

Deno.test("a mistyped option is answered with the one that was meant", async () => {
  const { code, stderr } = await startTask("diff", "--platfrom", "bareuptime");
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "error: Wrong usage: unknown option '--platfrom'\n" +
      "  remedy: did you mean --platform? deno task diff --help tells what it takes\n",
  );
});

Deno.test("a duration without a unit is refused with the form that is wanted", async () => {
  const { code, stderr } = await startTask("diff", "--timeout", "5");
  assert.equal(code, 2);
  assert.match(stderr, /Cannot read the duration "5": wanted a form such as 90s, 5m or 1h30m/);
});

Deno.test("an argument that nobody asked for is wrong usage", async () => {
  const { code, stderr } = await startTask("diff", "production");
  assert.equal(code, 2);
  assert.match(stderr, /too many arguments/);
});

Deno.test("with --json the last line on standard output is the error, and all lines are JSON", async () => {
  const { code, stdout, stderr } = await startTask("diff", "--json", "--platform", "bareuptim");
  assert.equal(code, 2);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const { message, remedy, ...rest } = lines.at(-1);
  assert.deepEqual(rest, { type: "error", exitCode: 2, retryable: false });
  assert.ok(stderr.startsWith(`error: ${message}\n  remedy: ${remedy}\n`), stderr);
});

Deno.test("wrong usage with --json is an object too", async () => {
  const { code, stdout } = await startTask("diff", "--json", "--no-such-option");
  assert.equal(code, 2);
  assert.equal(JSON.parse(stdout).exitCode, 2);
});

Deno.test("deno task alone is a menu in which each task has a description", async () => {
  const { stdout, stderr } = await start(["task"]);
  const menu = stdout + stderr;
  for (const task of tasks) assert.match(menu, new RegExp(`- ${task}\\n    // \\S`), task);
});

Deno.test("no task imports its flow, or anything heavy, before it knows what it is to do", async () => {
  const files = tasks.map((task) => pathToFileURL(`${projectFolder}${taskFile(task)}`).href);
  const light =
    /^(file:.*\/(tasks\/[^/]+\.ts|tasks\/shared\/|lib\/core\/|lib\/ui\/)|npm:\/@commander-js\/extra-typings@|npm:\/commander@)/;
  const graph = await graphOf(files);
  for (const file of files) {
    const imports = eagerImports(graph, file);
    assert.ok(imports.length > 1, file);
    assert.deepEqual(imports.filter((specifier) => !light.test(specifier)), [], file);
  }
});

interface ModuleGraph {
  redirects?: Record<string, string>;
  modules: {
    specifier: string;
    dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[];
  }[];
}

/** What some modules import, asked of Deno by one module that imports them all. */
async function graphOf(urls: readonly string[]): Promise<ModuleGraph> {
  const entry = await Deno.makeTempFile({ prefix: "slipway-tasks-", suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, urls.map((url) => `import "${url}";\n`).join(""));
    const { stdout } = await start(["info", "--json", "--config=deno.json", entry]);
    return JSON.parse(stdout);
  } finally {
    await Deno.remove(entry);
  }
}

/** All modules that are loaded before the first line of a root runs. */
function eagerImports({ redirects = {}, modules }: ModuleGraph, root: string): string[] {
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set([root]);
  for (const specifier of found) {
    for (const { isDynamic, code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (isDynamic || code === undefined) continue;
      found.add(redirects[code.specifier] ?? code.specifier);
    }
  }
  return [...found];
}
