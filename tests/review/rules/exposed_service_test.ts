import assert from "node:assert/strict";
import { exposedService } from "../../../lib/review/rules/exposed_service.ts";
import { complaints, object, service } from "../sample_objects.ts";

Deno.test("a port on every node, and foreign addresses, are told", () => {
  assert.equal(
    complaints(exposedService, [service("web", {}, [], { type: "NodePort" })]).length,
    1,
  );
  assert.equal(
    complaints(exposedService, [object("Service", "a", { externalIPs: ["1.2.3.4"] })]).length,
    1,
  );
  assert.deepEqual(
    complaints(exposedService, [service("web", {}, [], { type: "LoadBalancer" })]),
    [],
  );
});
