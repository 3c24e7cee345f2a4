import assert from "node:assert/strict";
import { noDisruptionBudget } from "../../../lib/review/rules/no_disruption_budget.ts";
import { complaints, object, workload } from "../sample_objects.ts";

const vps = { vps: { count: 1, role: "server" as const, cpu: "4", memory: "8Gi", storage: "80G" } };

Deno.test("what runs in several pods has a budget, unless there is one node only", () => {
  const web = workload("web", { spec: { replicas: 2 } });
  const budget = object("PodDisruptionBudget", "web", {
    selector: { matchLabels: { app: "web" } },
  });
  assert.equal(complaints(noDisruptionBudget, [web]).length, 1);
  assert.deepEqual(complaints(noDisruptionBudget, [web, budget]), []);
  assert.deepEqual(complaints(noDisruptionBudget, [web], { nodes: vps }), []);
  assert.deepEqual(complaints(noDisruptionBudget, [workload("web")]), []);
});
