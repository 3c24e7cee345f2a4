import assert from "node:assert/strict";
import { noSpread } from "../../../lib/review/rules/no_spread.ts";
import { autoscaler, complaints, workload } from "../sample_objects.ts";

Deno.test("what runs in several pods is kept apart by affinity or by topology", () => {
  const spec = { replicas: 2 };
  const constraint = {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
  };
  assert.equal(complaints(noSpread, [workload("web", { spec })]).length, 1);
  assert.deepEqual(
    complaints(noSpread, [workload("web", { spec, pod: { affinity: { podAntiAffinity: {} } } })]),
    [],
  );
  assert.deepEqual(
    complaints(noSpread, [
      workload("web", { spec, pod: { topologySpreadConstraints: [constraint] } }),
    ]),
    [],
  );
  assert.equal(complaints(noSpread, [workload("web"), autoscaler("web", [3, 5])]).length, 1);
});
