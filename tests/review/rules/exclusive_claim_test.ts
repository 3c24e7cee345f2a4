import assert from "node:assert/strict";
import { exclusiveClaim } from "../../../lib/review/rules/exclusive_claim.ts";
import { claim, complaints, workload } from "../sample_objects.ts";

function told(spec: Record<string, unknown>, accessModes?: string[]): string[] {
  const web = workload("web", {
    spec,
    pod: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
  });
  return complaints(exclusiveClaim, [web, claim("data", "1Gi", accessModes)]);
}

const recreate = { strategy: { type: "Recreate" } };
const noSurge = { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } };

Deno.test("a volume for one node is used by one pod, in rollouts too", () => {
  assert.match(told({ replicas: 2, ...recreate })[0]!, /up to 2 pods beside the claim data/);
  assert.match(told({ replicas: 1 })[0]!, /a rollout starts a second pod/);
  assert.deepEqual(told({ replicas: 1, ...recreate }), []);
  assert.deepEqual(told({ replicas: 1, ...noSurge }), []);
  assert.deepEqual(told({ replicas: 3 }, ["ReadWriteMany"]), []);
});
