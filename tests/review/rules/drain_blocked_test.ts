import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { drainBlocked } from "../../../lib/review/rules/drain_blocked.ts";
import { autoscaler, complaints, object, workload } from "../sample_objects.ts";

function told(budget: Record<string, unknown>, replicas: number, ...more: Manifest[]): number {
  const pdb = object("PodDisruptionBudget", "web", {
    selector: { matchLabels: { app: "web" } },
    ...budget,
  }, { apiVersion: "policy/v1" });
  return complaints(drainBlocked, [workload("web", { spec: { replicas } }), pdb, ...more]).length;
}

Deno.test("a budget that lets no pod be moved blocks every drain", () => {
  assert.equal(told({ minAvailable: 1 }, 1), 1);
  assert.equal(told({ maxUnavailable: 0 }, 3), 1);
  assert.equal(told({ maxUnavailable: "0%" }, 3), 1);
  assert.equal(told({ minAvailable: "100%" }, 3), 1);
  assert.equal(told({ minAvailable: 3 }, 3), 1);
  // 90 % of three pods, rounded up, are all three.
  assert.equal(told({ minAvailable: "90%" }, 3), 1);
});

Deno.test("a budget that lets one pod be moved is right", () => {
  assert.equal(told({ minAvailable: 1 }, 2), 0);
  assert.equal(told({ maxUnavailable: 1 }, 1), 0);
  assert.equal(told({ minAvailable: "50%" }, 3), 0);
  assert.equal(told({ maxUnavailable: "10%" }, 3), 0);
});

Deno.test("with an autoscaler the fewest pods count", () => {
  assert.equal(told({ minAvailable: 2 }, 5, autoscaler("web", [2, 10])), 1);
  assert.equal(told({ minAvailable: 2 }, 1, autoscaler("web", [3, 10])), 0);
});

Deno.test("the pods of an operator count as those of its resource", () => {
  const cluster = object("Cluster", "db", { instances: 1 }, {
    apiVersion: "postgresql.cnpg.io/v1",
  });
  const budget = object("PodDisruptionBudget", "db", {
    selector: { matchLabels: { "cnpg.io/cluster": "db" } },
    minAvailable: 1,
  });
  assert.deepEqual(complaints(drainBlocked, [cluster, budget]), [
    "PodDisruptionBudget shop/db: minAvailable 1 of 1 pod of Cluster shop/db (cnpg.io/cluster=db) lets none be moved",
  ]);
});
