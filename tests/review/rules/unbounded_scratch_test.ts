import assert from "node:assert/strict";
import { unboundedScratch } from "../../../lib/review/rules/unbounded_scratch.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("scratch space has a size limit", () => {
  const scratch = (emptyDir: { sizeLimit?: string }) =>
    complaints(unboundedScratch, [
      workload("web", { pod: { volumes: [{ name: "tmp", emptyDir }] } }),
    ]).length;
  assert.equal(scratch({}), 1);
  assert.equal(scratch({ sizeLimit: "64Mi" }), 0);
});
