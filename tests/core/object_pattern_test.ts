import assert from "node:assert/strict";
import { matchesObject } from "../../lib/core/object_pattern.ts";

const service = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "web-1" };
const node = { apiVersion: "v1", kind: "Node", name: "web-1" };

Deno.test("matchesObject() compares part by part, with * for any text within one", () => {
  for (const pattern of ["Service/shop/web-1", "*/shop/*", "Service/*/web-*", "*/*/*"]) {
    assert.equal(matchesObject(pattern, service), true, pattern);
  }
  for (const pattern of ["Service/web-1", "Service/shop/web", "Pod/shop/*", "Service/*", "*"]) {
    assert.equal(matchesObject(pattern, service), false, pattern);
  }
});

Deno.test("matchesObject() names an object without a namespace by two parts", () => {
  assert.equal(matchesObject("Node/web-*", node), true);
  assert.equal(matchesObject("*/*/web-1", node), false);
});

Deno.test("matchesObject() takes dots for dots", () => {
  assert.equal(matchesObject("Node/web.1", node), false);
});
