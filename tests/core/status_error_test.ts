import assert from "node:assert/strict";
import { hasReason, StatusError } from "../../lib/core/status_error.ts";

Deno.test("a StatusError says what was tried and what the server answered", () => {
  const error = new StatusError("apply Deployment shop/web", {
    code: 403,
    reason: "Forbidden",
    message: "not allowed",
  });
  assert.equal(error.message, "Cannot apply Deployment shop/web: not allowed (HTTP 403)");
  assert.equal(error.reason, "Forbidden");
});

Deno.test("a StatusError without a message falls back to its reason", () => {
  assert.equal(
    new StatusError("read /", { code: 410, reason: "Gone" }).message,
    "Cannot read /: Gone (HTTP 410)",
  );
  assert.equal(
    new StatusError("read /", { code: 500 }).message,
    "Cannot read /: no message (HTTP 500)",
  );
  assert.equal(new StatusError("read /", { code: 500 }).reason, "");
});

Deno.test("a StatusError is worth a retry when the server is busy or broken, not when the request is wrong", () => {
  const isRetryable = (code: number) => new StatusError("x", { code }).retryable;
  for (const code of [408, 429, 500, 502, 503, 504]) {
    assert.equal(isRetryable(code), true, String(code));
  }
  for (const code of [400, 401, 403, 404, 409, 410, 422]) {
    assert.equal(isRetryable(code), false, String(code));
  }
  assert.equal(new StatusError("x", { code: 409 }, { retryable: true }).retryable, true);
});

Deno.test("hasReason() recognises the reasons of StatusErrors and of nothing else", () => {
  const error = new StatusError("x", { code: 404, reason: "NotFound" });
  assert.equal(hasReason(error, "Conflict", "NotFound"), true);
  assert.equal(hasReason(error, "Conflict"), false);
  assert.equal(hasReason(new Error("NotFound"), "NotFound"), false);
});
