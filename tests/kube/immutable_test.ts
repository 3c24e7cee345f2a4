import assert from "node:assert/strict";
import { StatusError } from "../../lib/core/status_error.ts";
import { immutableRemedy, isImmutableField, isRecreatable } from "../../lib/kube/immutable.ts";

const invalid = (message: string) =>
  new StatusError("apply", { code: 422, reason: "Invalid", message });

Deno.test("isImmutableField() recognises the API server's ways of saying that a field cannot change", () => {
  const messages = [
    'Deployment.apps "web" is invalid: spec.selector: Invalid value: {}: field is immutable',
    "StatefulSet.apps \"db\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
    'PersistentVolumeClaim "data" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests',
    'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: "10.43.0.9": may not change once set',
    'RoleBinding "x" is invalid: roleRef: Invalid value: {}: cannot change roleRef',
  ];
  assert.deepEqual(messages.filter((message) => isImmutableField(invalid(message))), messages);
  assert.equal(
    isImmutableField(
      invalid("spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
    ),
    false,
  );
  assert.equal(isImmutableField(new Error("field is immutable")), false);
});

Deno.test("isRecreatable() never lets data or traffic go to get past an immutable field", () => {
  const never = [
    ["v1", "PersistentVolumeClaim"],
    ["v1", "Namespace"],
    ["v1", "Service"],
    ["apps/v1", "StatefulSet"],
    ["apps/v1", "Deployment"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["example.org/v1", "Database"],
  ] as const;
  for (const [apiVersion, kind] of never) {
    assert.equal(isRecreatable({ apiVersion, kind }), false, kind);
    assert.notEqual(immutableRemedy({ apiVersion, kind, name: "x" }), "");
  }
  assert.equal(isRecreatable({ apiVersion: "batch/v1", kind: "Job" }), true);
});
