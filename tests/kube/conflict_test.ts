import assert from "node:assert/strict";
import { StatusError } from "../../lib/core/status_error.ts";
import { conflictsOf, formatConflicts, isHandTool } from "../../lib/kube/conflict.ts";

const conflict = (manager: string, field: string) => ({
  reason: "FieldManagerConflict",
  message: `conflict with "${manager}" using apps/v1`,
  field,
});

Deno.test("conflictsOf() groups the fields of a conflict by manager", () => {
  const error = new StatusError("apply Deployment shop/web", {
    code: 409,
    reason: "Conflict",
    details: {
      causes: [
        conflict("kubectl-edit", ".spec.replicas"),
        conflict("argocd-controller", ".spec.paused"),
        conflict("kubectl-edit", ".spec.minReadySeconds"),
      ],
    },
  });
  assert.deepEqual(conflictsOf(error), [
    { manager: "kubectl-edit", fields: [".spec.replicas", ".spec.minReadySeconds"] },
    { manager: "argocd-controller", fields: [".spec.paused"] },
  ]);
  assert.equal(
    formatConflicts(conflictsOf(error)),
    "kubectl-edit holds .spec.replicas, .spec.minReadySeconds; argocd-controller holds .spec.paused",
  );
});

Deno.test("conflictsOf() finds none in a conflict about the object's version", () => {
  const error = new StatusError("replace Lease a/b", {
    code: 409,
    reason: "Conflict",
    details: { causes: [] },
  });
  assert.deepEqual(conflictsOf(error), []);
});

Deno.test("isHandTool() knows people's tools from controllers", () => {
  const tools = [
    "kubectl",
    "kubectl-edit",
    "kubectl-client-side-apply",
    "kubectl-patch",
    "k9s",
    "before-first-apply",
    "slipway-scale",
    // What a script of the library created or patched is no other controller's.
    "slipway",
  ];
  const controllers = [
    "argocd-controller",
    "kube-controller-manager",
    "helm",
    "kubectlish",
    "k3s",
  ];
  assert.deepEqual(tools.filter(isHandTool), tools);
  assert.deepEqual(controllers.filter(isHandTool), []);
});
