import assert from "node:assert/strict";
import { budgetSelectsNothing } from "../../../lib/review/rules/budget_selects_nothing.ts";
import { complaints, object, workload } from "../sample_objects.ts";

Deno.test("a budget for labels that no pod has protects nobody", () => {
  const budget = (app: string) =>
    object("PodDisruptionBudget", "web", { selector: { matchLabels: { app } }, maxUnavailable: 1 });
  assert.equal(complaints(budgetSelectsNothing, [workload("web"), budget("wbe")]).length, 1);
  assert.deepEqual(complaints(budgetSelectsNothing, [workload("web"), budget("web")]), []);
});
