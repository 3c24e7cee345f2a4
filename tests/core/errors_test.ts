import assert from "node:assert/strict";
import {
  ExitCode,
  Interrupted,
  messageOf,
  SlipwayError,
  TimedOut,
  UsageError,
} from "../../lib/core/errors.ts";

Deno.test("an error fails the task and is not worth a retry, unless it says otherwise", () => {
  const plain = new SlipwayError("no");
  assert.deepEqual([plain.exitCode, plain.retryable, plain.remedy], [
    ExitCode.failed,
    false,
    undefined,
  ]);
  const told = new SlipwayError("no", { exitCode: ExitCode.partly, retryable: true, remedy: "do" });
  assert.deepEqual([told.exitCode, told.retryable, told.remedy], [ExitCode.partly, true, "do"]);
});

Deno.test("each kind of error has its name and its exit code", () => {
  const kinds: [error: SlipwayError, name: string, code: number][] = [
    [new UsageError("a"), "UsageError", 2],
    [new TimedOut("a"), "TimedOut", 4],
    [new Interrupted(), "Interrupted", 130],
    [new SlipwayError("a"), "SlipwayError", 1],
  ];
  for (const [error, name, code] of kinds) {
    assert.deepEqual([error.name, error.exitCode], [name, code]);
    assert.ok(error instanceof Error);
  }
});

Deno.test("messageOf() adds the cause of an error that says too little", () => {
  const refused = new TypeError("fetch failed", { cause: new Error("connection refused") });
  assert.equal(messageOf(refused), "fetch failed: connection refused");
});

Deno.test("messageOf() does not repeat a cause, nor add to our own errors", () => {
  assert.equal(messageOf(new Error("a: b", { cause: new Error("b") })), "a: b");
  assert.equal(messageOf(new SlipwayError("ours", { cause: new Error("theirs") })), "ours");
});

Deno.test("messageOf() takes whatever was thrown", () => {
  assert.equal(messageOf("text"), "text");
  assert.equal(messageOf(undefined), "undefined");
  assert.equal(messageOf(new Error("outer", { cause: "inner" })), "outer: inner");
});
