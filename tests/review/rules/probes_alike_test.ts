import assert from "node:assert/strict";
import { probesAlike } from "../../../lib/review/rules/probes_alike.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("probes-alike warns where a pod that is not ready is restarted at once", () => {
  const probe = { httpGet: { port: "http" } };
  const same = workload("web", {
    container: { livenessProbe: probe, readinessProbe: { ...probe } },
  });
  assert.equal(complaints(probesAlike, [same]).length, 1);
  assert.deepEqual(complaints(probesAlike, [workload("web")]), []);
});
