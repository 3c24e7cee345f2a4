import assert from "node:assert/strict";
import { movingTag } from "../../../lib/review/rules/moving_tag.ts";
import { complaints, workload } from "../sample_objects.ts";

function told(image: string, imagePullPolicy?: string): number {
  const own = { image, ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }) };
  return complaints(movingTag, [workload("web", { container: own })]).length;
}

Deno.test("moving-tag warns of tags that name no version, unless they are pulled always", () => {
  assert.equal(told("ghcr.io/example/web:develop"), 1);
  assert.equal(told("ghcr.io/example/web:develop", "Always"), 0);
  assert.equal(told("ghcr.io/example/web:v1.0.0"), 0);
  assert.equal(told(`ghcr.io/example/web:develop@sha256:${"0".repeat(64)}`), 0);
});
