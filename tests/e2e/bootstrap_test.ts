import assert from "node:assert/strict";
import type { ObjectRef } from "../../lib/core/object.ts";
import { readPlatformFile } from "../../lib/flows/render/render.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { adminWrites, type AuditEvent, parseAudit, requestText } from "./audit.ts";
import { type Ground, withGround } from "./ground.ts";
import { assertNodes, succeeded } from "./platform_steps.ts";
import { summaryOf } from "./task.ts";

const backend: ObjectRef = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "bareuptime-backend",
  name: "bareuptime-backend",
};
const autoscaler: ObjectRef = {
  ...backend,
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
};

async function auditLog({ folderOf }: Ground): Promise<AuditEvent[]> {
  return parseAudit(await Deno.readTextFile(`${folderOf()}/logs/audit.log`));
}

const writesIn = (events: readonly AuditEvent[]) => adminWrites(events).map(requestText);

Deno.test("BareUptime from nothing to its removal", async (t) => {
  await withGround(async (ground) => {
    const { run, asAdmin } = ground;
    let objects = 0;

    await t.step("bootstrap brings everything up from nothing", async () => {
      const outcome = succeeded(await run(["bootstrap", "--json"]));
      const { type: _type, durationMs, ...figures } = summaryOf(outcome);
      objects = figures["created"] as number;
      assert.ok(objects > 80, `${objects} objects`);
      assert.ok((durationMs as number) > 0);
      // One write for each object, and one for the inventory.
      assert.deepEqual(figures, {
        created: objects,
        configured: 0,
        unchanged: 0,
        pruned: 0,
        conflicted: 0,
        failed: 0,
        writes: objects + 1,
      });
      const deployment = await asAdmin((client) => client.get(backend));
      assert.equal((deployment!["status"] as { readyReplicas: number }).readyReplicas, 3);
      const target = outcome.lines.find(({ type }) => type === "target");
      assert.deepEqual(target, { type: "target", embedded: true, name: "slipway" });
    });

    await t.step("the nodes are those of the platform", async () => {
      const { file, text } = await readPlatformFile("bareuptime", { cwd: Deno.cwd() });
      const environments = [...loadEnvironments(text, { file }).values()];
      assert.equal(environments.length, 1);
      await assertNodes(ground, environments[0]!);
    });

    await t.step(
      "bootstrap again changes nothing, and the audit log shows not one write but the lease",
      async () => {
        const before = (await auditLog(ground)).length;
        const outcome = succeeded(await run(["bootstrap", "--json"]));
        const { created, configured, unchanged, writes } = summaryOf(outcome);
        assert.deepEqual({ created, configured, unchanged, writes }, {
          created: 0,
          configured: 0,
          unchanged: objects,
          writes: 0,
        });
        const events = (await auditLog(ground)).slice(before);
        assert.ok(
          events.some(({ userAgent }) => userAgent?.startsWith("slipway")),
          "no request of ours is in the log",
        );
        const lease = "leases slipway/bareuptime.production";
        assert.deepEqual(writesIn(events), [`create ${lease}`, `delete ${lease}`]);
      },
    );

    await t.step("for people, a second bootstrap says so in one line", async () => {
      const { stdout } = succeeded(await run(["bootstrap"]));
      assert.match(
        stdout,
        new RegExp(`\\n0 created, 0 configured, ${objects} unchanged in .*\\n$`),
      );
      assert.match(
        stdout,
        /Deployment bareuptime-backend\/bareuptime-backend +ready +3\/3 available/,
      );
      assert.match(stdout, /External Secrets +12 objects admitted, not ready/);
      assert.match(stdout, /https:\/\/api1\.bareuptime\.co/);
    });

    await t.step(
      "diff shows a field that was edited by hand, and apply puts it right",
      async () => {
        await asAdmin((client) =>
          client.patch(backend, {
            spec: { minReadySeconds: 7, strategy: { rollingUpdate: { maxUnavailable: 2 } } },
          }, {
            fieldManager: "kubectl-edit",
          })
        );
        const shown = await run(["diff"]);
        assert.equal(shown.code, 5);
        assert.match(
          shown.stdout,
          /Deployment bareuptime-backend\/bareuptime-backend configured: takes over: kubectl-edit holds .spec.strategy.rollingUpdate.maxUnavailable\n +~ spec.strategy.rollingUpdate.maxUnavailable: 2 -> 1/,
        );
        const diff = await run(["diff", "--json"]);
        const { durationMs: _time, ...figures } = summaryOf(diff);
        assert.deepEqual(figures, {
          type: "summary",
          created: 0,
          configured: 1,
          unchanged: objects - 1,
          pruned: 0,
          conflicted: 0,
          failed: 0,
        });
        const applied = summaryOf(succeeded(await run(["apply", "--json"])));
        assert.deepEqual([applied["configured"], applied["writes"]], [1, 1]);
        assert.equal((await run(["diff", "--json"])).code, 0);
      },
    );

    await t.step("--dry-run plans an apply and changes nothing", async () => {
      await asAdmin((client) =>
        client.delete({ ...backend, apiVersion: "v1", kind: "Service", name: "backend" })
      );
      const before = (await auditLog(ground)).length;
      const planned = summaryOf(succeeded(await run(["apply", "--dry-run", "--json"])));
      assert.deepEqual([planned["created"], planned["writes"]], [1, 0]);
      assert.deepEqual(writesIn((await auditLog(ground)).slice(before)), []);
      succeeded(await run(["apply", "--json"]));
    });

    await t.step("status tells that all is ready, and of a Secret that is gone", async () => {
      // A proxy of the user's is none of the embedded cluster's business.
      const env = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };
      succeeded(await run(["status", "--json"], { env }));
      await asAdmin((client) =>
        client.delete({ ...backend, apiVersion: "v1", kind: "Secret", name: "app-config" })
      );
      const status = await run(["status"]);
      assert.equal(status.code, 5);
      assert.match(status.stdout, /Secret bareuptime-backend\/app-config/);
      succeeded(await run(["apply", "--json"]));
    });

    await t.step("scale moves the autoscaler's least number until the next apply", async () => {
      const scaled = await run(["scale", "bareuptime-backend", "--replicas", "2", "--json"]);
      succeeded(scaled);
      const spec = async () =>
        (await asAdmin((client) => client.get(autoscaler)))!["spec"] as { minReplicas: number };
      assert.equal((await spec()).minReplicas, 2);
      succeeded(await run(["apply", "--json"]));
      assert.equal((await spec()).minReplicas, 3);
      const tooMany = await run(["scale", "bareuptime-backend", "--replicas", "11"]);
      assert.equal(tooMany.code, 2);
      assert.match(tooMany.stderr, /its autoscaler allows 1 to 10/);
    });

    await t.step("destroy asks, and keeps data unless told otherwise", async () => {
      const asked = await run(["destroy"]);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, /--yes/);
      succeeded(await run(["destroy", "--yes", "--json"]));
      const claim = {
        ...backend,
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: "backend-storage",
      };
      assert.notEqual(await asAdmin((client) => client.get(claim)), undefined);
      assert.equal(await asAdmin((client) => client.get(backend)), undefined);
      succeeded(await run(["destroy", "--yes", "--prune-data", "--json"]));
      assert.equal(await asAdmin((client) => client.get(claim)), undefined);
      assert.equal((await run(["status", "--json"])).code, 5);
    });
  });
});
