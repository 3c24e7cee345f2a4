import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import { StatusError } from "../../lib/core/status_error.ts";
import { refusalOf } from "../../lib/kube/refusal.ts";

const ref = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" };

Deno.test("refusalOf() tells the server's words without the attempt and the object's name", () => {
  const answer = new StatusError("apply (dry run) Service kube-node-lease/web", {
    code: 422,
    reason: "Invalid",
    message:
      'Service "web" is invalid: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535',
  });
  assert.deepEqual(refusalOf(answer, ref), {
    because: "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535",
    remedy: "correct these values in the platform file, then run the command again",
  });
});

Deno.test("refusalOf() keeps a remedy that is known already, and the words behind an error", () => {
  const cause = new StatusError("apply Service shop/web", {
    code: 422,
    reason: "Invalid",
    message: "spec.clusterIP: field is immutable",
  });
  const error = new SlipwayError(cause.message, { remedy: "delete it yourself", cause });
  assert.deepEqual(refusalOf(error, ref), {
    because: "spec.clusterIP: field is immutable",
    remedy: "delete it yourself",
  });
});

Deno.test("refusalOf() gives no advice on refusals that no platform file causes", () => {
  const answer = new StatusError("apply Service shop/web", {
    code: 403,
    reason: "Forbidden",
    message: "exceeded quota: small",
  });
  assert.deepEqual(refusalOf(answer, ref), { because: "exceeded quota: small" });
});

Deno.test("refusalOf() names the object once where nobody was asked", () => {
  const error = new SlipwayError("Cannot apply Service shop/web: namespace shop is nowhere");
  assert.deepEqual(refusalOf(error, ref), { because: "namespace shop is nowhere" });
  const other = new SlipwayError("namespace shop is nowhere");
  assert.deepEqual(refusalOf(other, ref), { because: "namespace shop is nowhere" });
});
