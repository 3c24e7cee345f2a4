import assert from "node:assert/strict";
import { projectFolder } from "../../tasks/shared/project.ts";

/** Run `.ci/run` with an npx in the place of the real one: it plays the tasks. */
async function runWith(tasks: { check: string; test: string; live?: string }) {
  const folder = await Deno.makeTempDir({ prefix: "slipway-ci-" });
  try {
    await Deno.writeTextFile(
      `${folder}/npx`,
      `#!/bin/sh\ntest "$1 $2 $3" = "-y deno@2.9.6 task" || exit 99\n` +
        `case "$4" in check) ${tasks.check};; test) ${tasks.test};; ` +
        `test:live) ${tasks.live ?? "echo 2 passed, 0 failed"};; *) exit 98;; esac\n`,
      { mode: 0o755 },
    );
    const { code, stdout } = await new Deno.Command(`${projectFolder}.ci/run`, {
      env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
      stderr: "null",
    }).output();
    return { code, last: new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const outcomes: [
  what: string,
  tasks: { check: string; test: string; live?: string },
  code: number,
  last: string,
][] = [
  [
    "all is well",
    {
      check: "echo 8 passed, 0 failed",
      test: "echo 1 passed, 9 failed is noise; echo 5 passed, 0 failed",
    },
    0,
    "7 passed, 0 failed",
  ],
  [
    "the static gate fails",
    { check: "echo 7 passed, 1 failed; exit 1", test: "echo 5 passed, 0 failed" },
    1,
    "7 passed, 1 failed",
  ],
  [
    "tests fail",
    { check: "exit 0", test: "echo 5 passed, 2 failed, 1 ignored; exit 1" },
    1,
    "7 passed, 2 failed",
  ],
  ["the tests cannot start", { check: "exit 0", test: "exit 127" }, 1, "2 passed, 1 failed"],
  [
    "the tests end badly after all passed",
    { check: "exit 0", test: "echo 5 passed, 0 failed; exit 1" },
    1,
    "7 passed, 1 failed",
  ],
  [
    "a live test fails",
    { check: "exit 0", test: "echo 5 passed, 0 failed", live: "echo 1 passed, 1 failed; exit 1" },
    1,
    "6 passed, 1 failed",
  ],
];

for (const [what, tasks, code, last] of outcomes) {
  Deno.test(`.ci/run ends with "${last}" and ${code} when ${what}`, async () => {
    assert.deepEqual(await runWith(tasks), { code, last });
  });
}
