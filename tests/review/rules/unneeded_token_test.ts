import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { unneededToken } from "../../../lib/review/rules/unneeded_token.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("a token is mounted only where the account has rights", () => {
  const web = workload("web", { pod: { automountServiceAccountToken: true } });
  const binding: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "web", namespace: "shop" },
    subjects: [{ kind: "ServiceAccount", name: "web" }],
  };
  assert.equal(complaints(unneededToken, [web]).length, 1);
  assert.deepEqual(complaints(unneededToken, [web, binding]), []);
  assert.deepEqual(complaints(unneededToken, [workload("web")]), []);
});
