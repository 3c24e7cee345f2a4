import assert from "node:assert/strict";
import { UsageError } from "../../../../lib/core/errors.ts";
import { countTests, sumCounts } from "../../../../tasks/shared/test/counts.ts";
import { testPhases } from "../../../../tasks/shared/test/phases.ts";

const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="9" failures="3" errors="0" time="0.010">
    <testsuite name="./a_test.ts" tests="6" disabled="1" errors="0" failures="2">
        <testcase name="says tests=&quot;100&quot;"></testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="3" disabled="0" errors="0" failures="1">
    </testsuite>
</testsuites>`;

Deno.test("the counts of a report are those of its suites", () => {
  assert.deepEqual(countTests(report, 1), { passed: 5, failed: 3, ignored: 1 });
});

Deno.test("a failure that the report does not know of counts as one", () => {
  const green = report.replaceAll(/failures="\d"/g, 'failures="0"');
  assert.deepEqual(countTests(green, 1), { passed: 8, failed: 1, ignored: 1 });
  assert.deepEqual(countTests(green, 0), { passed: 8, failed: 0, ignored: 1 });
  assert.deepEqual(countTests(undefined, 1), { passed: 0, failed: 1, ignored: 0 });
});

Deno.test("counts add up", () => {
  const one = { passed: 1, failed: 2, ignored: 3 };
  assert.deepEqual(sumCounts([one, one]), { passed: 2, failed: 4, ignored: 6 });
  assert.deepEqual(sumCounts([]), { passed: 0, failed: 0, ignored: 0 });
});

const files = ["tests/e2e/up_test.ts", "tests/kube/plan_test.ts", "tests/ui/live_test.ts"];

Deno.test("tests that need a cluster come last", () => {
  assert.deepEqual(testPhases(files, []), [
    { name: "Unit tests", files: files.slice(1), needsCluster: false },
    { name: "End-to-end tests", files: files.slice(0, 1), needsCluster: true },
  ]);
});

Deno.test("what takes longest starts first, all else in its order, and nothing is lost", () => {
  const long = ["tests/e2e/platforms_test.ts", "tests/e2e/faults_test.ts"];
  const all = ["tests/e2e/access_test.ts", ...long.toReversed(), "tests/e2e/up_test.ts"];
  assert.deepEqual(testPhases(all, []).map((phase) => phase.files), [
    [...long, "tests/e2e/access_test.ts", "tests/e2e/up_test.ts"],
  ]);
});

Deno.test("files and folders that are named are all that is run", () => {
  for (const path of ["tests/kube", "tests/kube/", "./tests/kube", "tests/kube/plan_test.ts"]) {
    assert.deepEqual(testPhases(files, [path]).map((phase) => phase.files), [[files[1]]], path);
  }
});

Deno.test("a path without tests is refused rather than passed", () => {
  for (const path of ["tests/kub", "tests/e2e/none_test.ts"]) {
    assert.throws(() => testPhases(files, ["tests/ui", path]), UsageError, path);
  }
});

Deno.test("testPhases() keeps live tests for when they are asked for, and then runs them alone", () => {
  const all = ["tests/core/a_test.ts", "tests/live/traefik_test.ts"];
  const filesOf = (live: boolean) => testPhases(all, [], { live }).flatMap(({ files }) => files);
  assert.deepEqual(filesOf(false), ["tests/core/a_test.ts"]);
  assert.deepEqual(filesOf(true), ["tests/live/traefik_test.ts"]);
  assert.equal(testPhases(all, [], { live: true })[0]?.needsCluster, true);
});
