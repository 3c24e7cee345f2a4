import assert from "node:assert/strict";
import { longFiles, mostLines } from "../../../../tasks/shared/check/lengths.ts";
import { taskProblems } from "../../../../tasks/shared/check/tasks.ts";

const config = {
  tasks: { diff: { description: "Show", command: "deno run -q -P=client tasks/diff.ts" } },
  permissions: { client: {} },
  lint: { plugins: ["./lint/layers.ts"] },
};

Deno.test("a task with description, file and permission set is in order", () => {
  assert.deepEqual(taskProblems(config, ["tasks/diff.ts"]), []);
});

Deno.test("a task whose file is not there is found", () => {
  assert.deepEqual(taskProblems(config, []), [
    "deno.json: the task diff runs tasks/diff.ts, which does not exist",
  ]);
});

Deno.test("a task without a description, or with too many permissions, is found", () => {
  const tasks = { diff: { command: "deno run -A tasks/diff.ts" } };
  assert.deepEqual(taskProblems({ ...config, tasks }, ["tasks/diff.ts"]), [
    "deno.json: the task diff has no description",
    "deno.json: the task diff runs without a permission set",
  ]);
});

Deno.test("a permission set that is not there is found", () => {
  assert.deepEqual(taskProblems({ ...config, permissions: {} }, ["tasks/diff.ts"]), [
    "deno.json: the task diff runs with the permission set client, which does not exist",
  ]);
});

Deno.test("a deno.json that does not hold the layer rules is found", () => {
  assert.deepEqual(taskProblems({ ...config, lint: {} }, ["tasks/diff.ts"]), [
    "deno.json: the lint plugin ./lint/layers.ts is not on",
  ]);
});

Deno.test("a file is too long from one line over the limit", () => {
  const file = (lines: number) => ({ path: "lib/a.ts", text: "x\n".repeat(lines) });
  assert.deepEqual(longFiles(file(mostLines)), []);
  assert.deepEqual(longFiles(file(mostLines + 1)), [
    "lib/a.ts: 251 lines, wanted at most 250; split it by ideas",
  ]);
});
