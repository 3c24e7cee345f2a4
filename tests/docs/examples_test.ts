import assert from "node:assert/strict";
import { stringify } from "yaml";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { review } from "../../lib/review/review.ts";
import { render } from "../../manifests/components/render.ts";
import { blocks, platformOf, readPages } from "./pages.ts";

const pages = (await readPages()).filter((page) => blocks(page, "yaml").length > 0);

for (const page of pages) {
  Deno.test(`the examples of ${page.path} are a platform that loads, renders, and breaks no rule that refuses`, () => {
    const platforms = loadEnvironments(stringify(platformOf(page)), { file: page.path });
    for (const platform of platforms.values()) {
      const manifests = render(platform);
      assert.notEqual(manifests.length, 0);
      const { findings, idle } = review(manifests, platform);
      const refusals = findings.filter(({ severity, rule }) =>
        // Examples cannot be sealed for anybody's cluster.
        severity === "error" && rule !== "unsealed-secret"
      );
      assert.deepEqual(refusals, []);
      assert.deepEqual(idle, []);
    }
  });
}

Deno.test("pages show examples of platform files", () => {
  assert.ok(pages.length > 5, `expected more than 5, found ${pages.map(({ path }) => path)}`);
});
