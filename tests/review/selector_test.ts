import assert from "node:assert/strict";
import { selects } from "../../lib/review/selector.ts";

const labels = { app: "web", tier: "front" };

Deno.test("selects() means everything without requirements", () => {
  assert.equal(selects({}, labels), true);
  assert.equal(selects({ matchLabels: {}, matchExpressions: [] }, {}), true);
});

Deno.test("selects() wants all labels, with these values", () => {
  assert.equal(selects({ matchLabels: { app: "web" } }, labels), true);
  assert.equal(selects({ matchLabels: { app: "web", tier: "back" } }, labels), false);
  assert.equal(selects({ matchLabels: { zone: "a" } }, labels), false);
});

const expressions = [
  ["In", "app", ["api", "web"], true],
  ["In", "app", ["api"], false],
  ["In", "zone", ["a"], false],
  ["NotIn", "app", ["api"], true],
  ["NotIn", "app", ["web"], false],
  ["NotIn", "zone", ["a"], true],
  ["Exists", "app", undefined, true],
  ["Exists", "zone", undefined, false],
  ["DoesNotExist", "zone", undefined, true],
  ["DoesNotExist", "app", undefined, false],
] as const;

for (const [operator, key, values, expected] of expressions) {
  Deno.test(`selects() by ${key} ${operator} ${values ?? ""} is ${expected}`, () => {
    assert.equal(selects({ matchExpressions: [{ key, operator, values }] }, labels), expected);
  });
}

Deno.test("selects() wants labels and expressions together", () => {
  const matchExpressions = [{ key: "tier", operator: "Exists" as const }];
  assert.equal(selects({ matchLabels: { app: "web" }, matchExpressions }, labels), true);
  assert.equal(selects({ matchLabels: { app: "api" }, matchExpressions }, labels), false);
});
