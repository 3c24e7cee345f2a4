import assert from "node:assert/strict";
import { openToAll } from "../../../lib/review/rules/open_to_all.ts";
import { complaints, object, workload } from "../sample_objects.ts";

Deno.test("a policy for incoming connections holds for each pod", () => {
  const policy = (podSelector: unknown, policyTypes?: string[]) =>
    object("NetworkPolicy", "p", {
      podSelector,
      ...(policyTypes === undefined ? {} : { policyTypes }),
    });
  assert.equal(complaints(openToAll, [workload("web")]).length, 1);
  assert.equal(complaints(openToAll, [workload("web"), policy({}, ["Egress"])]).length, 1);
  assert.deepEqual(complaints(openToAll, [workload("web"), policy({})]), []);
  assert.deepEqual(complaints(openToAll, [workload("web", { pod: { hostNetwork: true } })]), []);
});
