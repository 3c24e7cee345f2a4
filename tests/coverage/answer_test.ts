import assert from "node:assert/strict";
import { samplePlatform } from "../platform/sample_platform.ts";
import { type Answer, byName, type Rendered, valueAt, wrongness } from "./answer.ts";
import { unansweredFigures } from "./table.ts";

const rendered: Rendered = {
  platform: samplePlatform(),
  objects: byName([{
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { replicas: 3, containers: [{ name: "web", args: ["a", "b"] }] },
  }]),
  files: { "haproxy/edge.cfg": "bind :443\n" },
};
const of = "Deployment/shop/web";

const right: Answer[] = [
  { of, at: "spec.replicas", is: 3 },
  { of, at: "spec.containers[name=web].args", has: ["b"] },
  { of, at: "metadata", has: { name: "web" } },
  { of },
  { platform: "domain", is: "example.org" },
  { file: "haproxy/edge.cfg", has: "bind :443" },
  { absent: "Deployment/shop/api" },
  { because: "a person does this by hand" },
];
const wrong: Answer[] = [
  { of, at: "spec.replicas", is: 2 },
  { of, at: "spec.replica" },
  { of, at: "spec.containers[name=web].args", has: ["c"] },
  { of: "Deployment/shop/api" },
  { absent: of },
  { because: "n/a" },
  { file: "haproxy/other.cfg", has: "bind" },
  { of, platform: "domain" },
  {},
];

Deno.test("an answer that says what is rendered is right, any other is wrong", () => {
  for (const answer of right) assert.equal(wrongness(answer, rendered), undefined);
  for (const answer of wrong) assert.notEqual(wrongness(answer, rendered), undefined);
});

Deno.test("valueAt() finds by key, index, field and quoted key", () => {
  const value = { a: [{ name: "x", "b.c": 1 }] };
  assert.equal(valueAt(value, 'a[0]["b.c"]'), 1);
  assert.equal(valueAt(value, 'a[name=x]["b.c"]'), 1);
  assert.equal(valueAt(value, "a[1].b"), undefined);
  assert.equal(valueAt(value, "constructor"), undefined);
});

Deno.test("a figure that no answer gives is found out, 30 in 300 too", () => {
  const row = { id: "1", kind: "bullet" as const, figures: ["30", "5"] };
  assert.deepEqual(unansweredFigures(row, [{ of, is: 300 }, { of, is: "5m" }]), ["30"]);
  assert.deepEqual(unansweredFigures(row, [{ of, is: 1, figures: [30, 5] }]), []);
  assert.deepEqual(unansweredFigures(row, [{ because: "narrative of the drawing" }]), []);
});
