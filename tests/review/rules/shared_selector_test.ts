import assert from "node:assert/strict";
import { sharedSelector } from "../../../lib/review/rules/shared_selector.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("a controller must not select the pods of another", () => {
  const web = workload("web", { labels: { app: "shop" } });
  const worker = workload("worker", { labels: { app: "shop", role: "worker" } });
  assert.deepEqual(complaints(sharedSelector, [web, worker]), [
    "Deployment shop/web: it selects the pods of Deployment shop/worker too",
  ]);
  assert.deepEqual(complaints(sharedSelector, [workload("a"), workload("b")]), []);
});
