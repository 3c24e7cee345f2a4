import assert from "node:assert/strict";
import { latestTag } from "../../../lib/review/rules/latest_tag.ts";
import { complaints, workload } from "../sample_objects.ts";

function told(image: string): string[] {
  return complaints(latestTag, [workload("web", { container: { image } })]);
}

Deno.test("latest-tag refuses images that can be anything", () => {
  assert.match(
    told("ghcr.io/example/web:latest")[0]!,
    /runs ghcr.io\/example\/web:latest, which can be anything/,
  );
  assert.match(told("localhost:5000/web")[0]!, /which has no tag/);
  assert.deepEqual(told("localhost:5000/web:1.0"), []);
  assert.deepEqual(told(`ghcr.io/example/web@sha256:${"0".repeat(64)}`), []);
});
