import assert from "node:assert/strict";
import type { KubeObject } from "../../lib/core/object.ts";
import type { NodeGroup } from "../../lib/platform/types.ts";
import { type Ground, withGround } from "./ground.ts";
import { writeShop } from "./shop.ts";
import { summaryOf, type TaskOutcome } from "./task.ts";

const cluster = "declared";

function nodes(workers: number, changes: Partial<NodeGroup> = {}): Record<string, NodeGroup> {
  const taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" as const };
  return {
    control: { count: 1, role: "server", cpu: "2", memory: "4Gi", storage: "40G", taints: [taint] },
    worker: {
      count: workers,
      role: "agent",
      cpu: "8",
      memory: "16Gi",
      storage: "500G",
      zones: ["a", "b"].slice(0, workers),
      ...changes,
    },
  };
}

async function bootstrap({ run }: Ground, file: string): Promise<TaskOutcome> {
  return await run(["bootstrap", "--json", "--platform", file, "--cluster", cluster]);
}

async function live({ asAdmin }: Ground, kind: "Node" | "Pod"): Promise<KubeObject[]> {
  return await asAdmin(
    async (client) => (await client.list({ apiVersion: "v1", kind })).items,
    cluster,
  );
}

Deno.test("a platform gets exactly the nodes that it declares", async (t) => {
  await withGround(async (ground) => {
    const write = (name: string, workers: number, changes?: Partial<NodeGroup>) =>
      writeShop(ground.stateHome, name, {
        nodes: nodes(workers, changes),
        web: { replicas: 2, rollout: { maxUnavailable: 1 } },
      });

    await t.step("with their roles, labels, taints and resources", async () => {
      const outcome = await bootstrap(ground, await write("shop", 2));
      assert.equal(outcome.code, 0, outcome.stderr);
      const found = await live(ground, "Node");
      assert.deepEqual(found.map(({ metadata }) => metadata.name), [
        "control-1",
        "worker-1",
        "worker-2",
      ]);
      const [control, worker] = found;
      assert.equal(control!.metadata.labels!["node-role.kubernetes.io/control-plane"], "true");
      assert.equal(worker!.metadata.labels!["topology.kubernetes.io/zone"], "a");
      const { capacity } = worker!["status"] as { capacity: Record<string, string> };
      assert.deepEqual([capacity["cpu"], capacity["memory"]], ["8", "16Gi"]);
      const used = (await live(ground, "Pod")).map(({ spec }) =>
        (spec as { nodeName: string }).nodeName
      );
      assert.ok(used.every((node) => node.startsWith("worker-")), used.join());
    });

    await t.step(
      "a second bootstrap writes nothing, and leaves the nodes as they are",
      async () => {
        const before = await live(ground, "Node");
        const outcome = await bootstrap(ground, await write("shop", 2));
        assert.equal(summaryOf(outcome)["writes"], 0);
        const uids = (all: readonly KubeObject[]) => all.map(({ metadata }) => metadata.uid);
        assert.deepEqual(uids(await live(ground, "Node")), uids(before));
      },
    );

    await t.step("a node fewer takes its pods to the others first", async () => {
      const outcome = await bootstrap(ground, await write("shop", 1, { cpu: "16" }));
      assert.equal(outcome.code, 0, outcome.stderr);
      const found = await live(ground, "Node");
      assert.deepEqual(found.map(({ metadata }) => metadata.name), ["control-1", "worker-1"]);
      const { allocatable } = found[1]!["status"] as { allocatable: Record<string, string> };
      assert.equal(allocatable["cpu"], "16");
      const used = (await live(ground, "Pod"))
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ spec }) => (spec as { nodeName?: string }).nodeName);
      assert.deepEqual(used, ["worker-1", "worker-1"]);
    });

    await t.step("another platform with other nodes is refused, and nothing changes", async () => {
      const before = await live(ground, "Node");
      const outcome = await bootstrap(ground, await write("other", 2));
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, /it has other ones, on which shop.test lives/);
      assert.match(outcome.stderr, /--cluster other/);
      const versions = (all: readonly KubeObject[]) => all.map(({ metadata }) => metadata.name);
      assert.deepEqual(versions(await live(ground, "Node")), versions(before));
    });

    await t.step("one with the same nodes may live beside it", async () => {
      const outcome = await bootstrap(ground, await write("third", 1, { cpu: "16" }));
      assert.equal(outcome.code, 0, outcome.stderr);
    });
  }, [cluster]);
});
