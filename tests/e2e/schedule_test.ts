import assert from "node:assert/strict";
import type { TableEvent } from "../../lib/core/events.ts";
import { bootstrap } from "../../lib/flows/deploy.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { scheduleBackups } from "../../lib/flows/schedule/schedule.ts";
import { scheduleFacts, tellSchedules } from "../../lib/flows/schedule/status.ts";
import { readInventory } from "../../lib/kube/inventory.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { sampleBackups, sampleJob } from "../platform/sample_backups.ts";
import { withCluster } from "./cluster_fixture.ts";
import { writeShop } from "./shop.ts";

/** Jobs that run once a year, of which the last one says why it does not. */
function jobsNamed(...names: string[]) {
  const job = sampleJob({ store: undefined, schedule: "0 0 1 1 *" });
  return sampleBackups({
    stores: {},
    jobs: Object.fromEntries(names.map((name) => [name, job])),
  });
}

Deno.test("jobs are scheduled on a cluster, and nothing else of the platform is touched", async () => {
  await withFolder((folder) =>
    withCluster("schedules", async ({ client, context: world }) => {
      const context = testContext(world);
      const live = (apiVersion: string, kind: string, name: string) =>
        client.get({ apiVersion, kind, namespace: "shop", name });
      const cronJob = (name: string) => live("batch/v1", "CronJob", name);
      const file = await writeShop(folder, "shop", { backups: jobsNamed("dump", "old") });
      const request = { platform: file, cluster: "schedules" };

      await assert.rejects(scheduleBackups(request, context), {
        message: "Cannot schedule backups of shop.test: it has nothing on schedules",
      });
      await bootstrap({ ...request, wait: false }, context);
      const web = await live("apps/v1", "Deployment", "web");

      // That the workload changes in the file is none of this task's business.
      const backups = jobsNamed("dump", "new");
      await writeShop(folder, "shop", { backups, web: { replicas: 3 } });
      await scheduleBackups({ ...request, dryRun: true }, context);
      assert.notEqual(await cronJob("old"), undefined);
      await scheduleBackups(request, context);
      assert.equal(await cronJob("old"), undefined);
      assert.equal(await live("v1", "ServiceAccount", "old"), undefined);
      assert.notEqual(await cronJob("new"), undefined);
      const left = await live("apps/v1", "Deployment", "web");
      assert.deepEqual(left!["spec"], web!["spec"]);
      const { objects } = await readInventory(client, "shop.test");
      assert.ok(objects.some(({ kind }) => kind === "Deployment"), "its record goes on naming it");

      await scheduleBackups(request, context);
      assert.deepEqual(context.events.at(-1), {
        type: "summary",
        ...{ created: 0, configured: 0, unchanged: 4, pruned: 0 },
        ...{ conflicted: 0, failed: 0, writes: 0 },
      });

      const { platform } = await renderPlatform(request, context);
      assert.equal(tellSchedules(await scheduleFacts(platform, client, context), context), true);
      const { rows } = context.events.at(-1) as TableEvent;
      assert.deepEqual(
        rows.map((
          [name, runsOn, , lastRun, , missed, state],
        ) => [name, runsOn, lastRun, missed, state]),
        ["dump", "new"].map((name) => [name, "cluster", "never", "0", "waiting"]),
      );
      await client.delete({
        apiVersion: "batch/v1",
        kind: "CronJob",
        namespace: "shop",
        name: "dump",
      });
      assert.equal(tellSchedules(await scheduleFacts(platform, client, context), context), false);
      assert.equal((context.events.at(-1) as TableEvent).rows[0]![6], "absent");
    })
  );
});
