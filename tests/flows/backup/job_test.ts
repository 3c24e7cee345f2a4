import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { jobOf, loadJob } from "../../../lib/flows/backup/job.ts";
import type { BackupJob } from "../../../lib/platform/types.ts";
import { testContext } from "../../context.ts";
import { backedUpPlatform, sampleBackups, sampleJob } from "../../platform/sample_backups.ts";

function platformWith(jobs: Record<string, Partial<BackupJob>>) {
  return backedUpPlatform(sampleBackups({
    notify: { pushgateway: "http://push.example.org" },
    jobs: Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, sampleJob(job)])),
  }));
}

const two = platformWith({
  near: { task: "backup-postgres", store: "minio", databases: ["shop"], keep: { days: 7 } },
  far: { task: "backup-postgres", store: "offsite", covers: ["postgres/main"], via: "exec" },
  other: {},
});

Deno.test("the only job of a task need not be named", () => {
  const { name, store, notify, requireVerified, covers } = jobOf(two, "backup-mongodb");
  assert.deepEqual(
    { name, store, notify, requireVerified, covers },
    {
      name: "other",
      store: "minio",
      notify: { pushgateway: "http://push.example.org" },
      requireVerified: false,
      covers: [],
    },
  );
});

Deno.test("of several jobs of a task, one is named, or found by its store", () => {
  assert.throws(
    () => jobOf(two, "backup-postgres"),
    {
      message: "Cannot choose a job of backup-postgres: the platform demo has near and far",
      remedy: "name one with --job, or a store with --store",
    },
  );
  assert.deepEqual(jobOf(two, "backup-postgres", { job: "far" }).covers, [
    { section: "postgres", name: "main" },
  ]);
  assert.equal(jobOf(two, "backup-postgres", { store: "minio" }).name, "near");
  assert.equal(jobOf(two, "backup-postgres", { store: "/mnt/usb" }).name, undefined);
});

Deno.test("what the command line says counts more than the job", () => {
  const job = jobOf(two, "backup-postgres", {
    job: "near",
    store: "/mnt/usb",
    keep: "7-daily-4-weekly",
  });
  assert.deepEqual(
    [job.store, job.keep, job.databases],
    ["/mnt/usb", { daily: 7, weekly: 4 }, ["shop"]],
  );
});

Deno.test("a job that is not there, or is one of another task, is refused with what to do", () => {
  assert.throws(() => jobOf(two, "backup-postgres", { job: "fare" }), {
    message: "Cannot find the job fare: the platform demo has near, far, other",
    remedy: "did you mean far?",
  });
  assert.throws(() => jobOf(two, "backup-postgres", { job: "other" }), {
    message: "Cannot run the job other by backup-postgres: it is one of backup-mongodb",
  });
  assert.throws(() => jobOf(undefined, "backup-postgres", { job: "other" }), UsageError);
});

Deno.test("without a platform there is what the command line says, and nothing else", async () => {
  const context = testContext();
  const { platform, job } = await loadJob({ store: "/mnt/usb" }, "backup-postgres", context);
  assert.equal(platform, undefined);
  assert.deepEqual(job, { store: "/mnt/usb", requireVerified: false, covers: [], notify: {} });
});

Deno.test("loadJob() reads the platform that is named", async () => {
  const context = testContext();
  const request = { platform: "bareuptime", job: "backup-vault" };
  const { platform, job } = await loadJob(request, "backup-vault", context);
  assert.equal(platform?.name, "bareuptime");
  assert.deepEqual(job.covers, [{ section: "vaults", name: "vault" }]);
});
