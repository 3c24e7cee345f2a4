import assert from "node:assert/strict";
import { serviceSelectsNothing } from "../../../lib/review/rules/service_selects_nothing.ts";
import { complaints, service, workload } from "../sample_objects.ts";

Deno.test("a Service with a selector needs pods; one without says by itself who answers", () => {
  const web = workload("web");
  assert.deepEqual(complaints(serviceSelectsNothing, [web, service("web", { app: "wbe" })]), [
    "Service shop/web: no pod of namespace shop has the labels app=wbe",
  ]);
  assert.deepEqual(
    complaints(serviceSelectsNothing, [
      web,
      service("web", { app: "web" }),
      service("db", undefined),
    ]),
    [],
  );
});
