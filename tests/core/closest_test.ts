import assert from "node:assert/strict";
import { closest } from "../../lib/core/closest.ts";

Deno.test("closest() finds the candidate that was mistyped", () => {
  assert.equal(closest("prodution", ["staging", "production", "default"]), "production");
  assert.equal(closest("DEFAULT", ["staging", "default"]), "default");
});

Deno.test("closest() suggests nothing rather than something far", () => {
  assert.equal(closest("web", ["staging", "production"]), undefined);
  assert.equal(closest("web", []), undefined);
});
