import assert from "node:assert/strict";
import { noLimits } from "../../../lib/review/rules/no_limits.ts";
import { complaints, container, workload } from "../sample_objects.ts";

Deno.test("no-limits names what a container lacks, init containers included", () => {
  const bare = workload("web", {
    container: { resources: { limits: { memory: "64Mi" } } },
    pod: { initContainers: [container({ name: "init", resources: {} })] },
  });
  assert.deepEqual(complaints(noLimits, [bare]), [
    "Deployment shop/web: container init has no cpu request, no memory request, no cpu limit, no memory limit",
    "Deployment shop/web: container web has no cpu request, no cpu limit",
  ]);
  assert.deepEqual(complaints(noLimits, [workload("web")]), []);
});
