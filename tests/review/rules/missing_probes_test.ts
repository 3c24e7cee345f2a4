import assert from "node:assert/strict";
import { missingProbes } from "../../../lib/review/rules/missing_probes.ts";
import { complaints, container, service, workload } from "../sample_objects.ts";

function bare() {
  const { livenessProbe: _liveness, readinessProbe: _readiness, ...rest } = container();
  return rest;
}

Deno.test("missing-probes wants liveness of each container, and readiness behind a Service", () => {
  const web = workload("web", { pod: { containers: [bare()] } });
  assert.deepEqual(complaints(missingProbes, [web, service("web", { app: "web" })]), [
    "Deployment shop/web: container web has no liveness and no readiness probe",
  ]);
  assert.deepEqual(complaints(missingProbes, [web, service("other", { app: "other" })]), [
    "Deployment shop/web: container web has no liveness probe",
  ]);
});

Deno.test("missing-probes leaves jobs alone, which end", () => {
  const job = workload("once", { pod: { containers: [bare()] } }, "Job");
  assert.deepEqual(complaints(missingProbes, [{ ...job, apiVersion: "batch/v1" }]), []);
});
