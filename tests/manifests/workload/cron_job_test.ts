import assert from "node:assert/strict";
import type { CronJobOptions } from "../../../lib/platform/types.ts";
import { cronJob } from "../../../manifests/components/workload/cron_job.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

function job(changes: Partial<CronJobOptions> = {}) {
  const { image, resources } = sampleWorkload();
  return cronJob("report", {
    namespace: "shop",
    image,
    resources,
    schedule: "0 4 * * *",
    deadlineSeconds: 600,
    ...changes,
  });
}

Deno.test("cronJob() runs one job at a time, in UTC, and gives up after its deadline", () => {
  const { spec } = find(job(), "CronJob", "shop/report");
  assert.equal(spec.timeZone, "Etc/UTC");
  assert.equal(spec.concurrencyPolicy, "Forbid");
  assert.equal(spec.suspend, false);
  assert.equal(spec.jobTemplate.spec.activeDeadlineSeconds, 600);
  const { template } = spec.jobTemplate.spec;
  assert.equal(template.spec.restartPolicy, "Never");
  assert.deepEqual(template.metadata.labels, { "app.kubernetes.io/name": "report" });
  assert.equal(template.spec.containers[0].securityContext.readOnlyRootFilesystem, true);
});

Deno.test("cronJob() says why it does not run", () => {
  const manifest = find(job({ suspend: { because: "moving data" } }), "CronJob", "shop/report");
  assert.equal(manifest.spec.suspend, true);
  assert.deepEqual(manifest.metadata.annotations, {
    "slipway.dev/suspended-because": "moving data",
  });
});

Deno.test("cronJob() takes its time zone, concurrency and number of tries from the platform file", () => {
  const { spec } = find(
    job({ timeZone: "Europe/Kyiv", concurrency: "Replace", retries: 0 }),
    "CronJob",
    "shop/report",
  );
  assert.equal(spec.timeZone, "Europe/Kyiv");
  assert.equal(spec.concurrencyPolicy, "Replace");
  assert.equal(spec.jobTemplate.spec.backoffLimit, 0);
});

Deno.test("cronJob() mounts a token only for what it may ask, with the rights for just that", () => {
  const rule = { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] };
  const manifests = job({ apiAccess: { namespaced: [rule] } });
  const { template } = find(manifests, "CronJob", "shop/report").spec.jobTemplate.spec;
  assert.equal(template.spec.automountServiceAccountToken, true);
  assert.deepEqual(find(manifests, "Role", "shop/report").rules, [rule]);
  assert.deepEqual(find(manifests, "RoleBinding", "shop/report").subjects, [
    { kind: "ServiceAccount", name: "report", namespace: "shop" },
  ]);
  assert.deepEqual(namesOf(job(), "Role"), []);
});
