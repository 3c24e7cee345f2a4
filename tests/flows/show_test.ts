import assert from "node:assert/strict";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import { applyFigures, planFigures, showPlan } from "../../lib/flows/show.ts";
import { emptyResult } from "../../lib/kube/apply.ts";
import type { Change, Plan } from "../../lib/kube/plan.ts";

const change = (action: Change["action"], more: Partial<Change> = {}): Change => ({
  ref: { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: action },
  action,
  diff: [],
  force: false,
  recreate: false,
  ...more,
});

const planOf = (...changes: Change[]): Plan => ({
  inventory: { id: "shop.dev", objects: [] },
  changes,
});

Deno.test("showPlan() tells each object with its reason, what is not known yet, and its fields", () => {
  const events: SlipwayEvent[] = [];
  const diff = [{ path: "data.a", before: "1", after: "2" }];
  showPlan(
    planOf(
      change("configured", { because: "takes over: kubectl-edit holds .data.a", diff }),
      change("created", { unknown: "what namespace shop admits" }),
    ),
    (event) => events.push(event),
  );
  assert.deepEqual(events, [
    {
      type: "change",
      phase: "plan",
      action: "configured",
      subject: "ConfigMap shop/configured",
      because: "takes over: kubectl-edit holds .data.a",
      diff: ["~ data.a: 1 -> 2"],
    },
    {
      type: "change",
      phase: "plan",
      action: "created",
      subject: "ConfigMap shop/created",
      because: "not known yet: what namespace shop admits",
    },
  ]);
});

Deno.test("planFigures() counts every action that a summary names", () => {
  const plan = planOf(
    change("created"),
    change("created"),
    change("unchanged"),
    change("kept"),
    change("failed"),
  );
  assert.deepEqual(planFigures(plan), {
    created: 2,
    configured: 0,
    unchanged: 1,
    pruned: 0,
    conflicted: 0,
    failed: 1,
  });
});

Deno.test("applyFigures() tells an apply as far as it came, and what kept it from beginning", () => {
  const cutOff = { ...emptyResult(), created: 3, writes: 4 };
  assert.deepEqual(applyFigures(planOf(change("created")), cutOff), {
    created: 3,
    configured: 0,
    unchanged: 0,
    pruned: 0,
    conflicted: 0,
    failed: 0,
    writes: 4,
  });
  const blocked = planOf(change("conflicted"), change("failed"), change("created"));
  const { created, conflicted, failed, writes } = applyFigures(blocked, emptyResult());
  assert.deepEqual({ created, conflicted, failed, writes }, {
    created: 0,
    conflicted: 1,
    failed: 1,
    writes: 0,
  });
  assert.equal(applyFigures(undefined, emptyResult())["writes"], 0);
});
