import assert from "node:assert/strict";
import { defaultAccount } from "../../../lib/review/rules/default_account.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("a program has an account and a namespace of its own", () => {
  const shared = workload("web", { pod: { serviceAccountName: "default" } });
  shared.metadata.namespace = "default";
  assert.equal(complaints(defaultAccount, [shared]).length, 2);
  assert.deepEqual(complaints(defaultAccount, [workload("web")]), []);
});
