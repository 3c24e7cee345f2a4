import { deepEqual, equal } from "node:assert/strict";
import { keyOf, refOf } from "../../lib/core/object.ts";
import { mixedObjects } from "./objects.ts";

Deno.test("mixedObjects() are 500, each once, the namespace first", () => {
  const objects = mixedObjects("shop", "shop.bench");
  equal(objects.length, 500);
  equal(new Set(objects.map((object) => keyOf(refOf(object)))).size, 500);
  deepEqual(refOf(objects[0]!), { apiVersion: "v1", kind: "Namespace", name: "shop" });
});

Deno.test("mixedObjects() have nothing that helm would take for a template", () => {
  equal(JSON.stringify(mixedObjects("shop", "shop.bench")).includes("{{"), false);
});
