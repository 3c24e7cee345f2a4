import assert from "node:assert/strict";
import { autoscalerTarget } from "../../../lib/review/rules/autoscaler_target.ts";
import { autoscaler, complaints, workload } from "../sample_objects.ts";

Deno.test("an autoscaler has a target, and nobody else decides on its replicas", () => {
  assert.match(
    complaints(autoscalerTarget, [autoscaler("web", [1, 2])])[0]!,
    /Deployment web is not there/,
  );
  assert.match(
    complaints(autoscalerTarget, [workload("web"), autoscaler("web", [1, 2])])[0]!,
    /has 1 replicas of its own/,
  );
  const free = workload("web", { spec: { replicas: undefined } });
  assert.deepEqual(complaints(autoscalerTarget, [free, autoscaler("web", [1, 2])]), []);
});
