import assert from "node:assert/strict";
import { readPlatformFile } from "../../lib/flows/render/render.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { nodesOf } from "../../lib/platform/nodes.ts";
import type { Platform } from "../../lib/platform/types.ts";
import type { Ground } from "./ground.ts";
import { summaryOf, type TaskOutcome } from "./task.ts";

/** What a run that changes nothing ends with. */
export const nothing = {
  created: 0,
  configured: 0,
  pruned: 0,
  conflicted: 0,
  failed: 0,
  writes: 0,
};

/** The outcome of a task that ended with 0; any other fails the test. */
export function succeeded(outcome: TaskOutcome): TaskOutcome {
  assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout.slice(-4_000));
  return outcome;
}

/** What a task that ended well changed, as counts. */
export function changesOf(outcome: TaskOutcome): typeof nothing {
  const summary = summaryOf(succeeded(outcome));
  return Object.fromEntries(
    Object.keys(nothing).map((key) => [key, summary[key]]),
  ) as typeof nothing;
}

/** The nodes of the cluster must be those that a platform describes. */
export async function assertNodes(
  { asAdmin }: Ground,
  { nodes }: Pick<Platform, "nodes">,
): Promise<void> {
  const { items } = await asAdmin((client) => client.list({ apiVersion: "v1", kind: "Node" }));
  const found = items.map(({ metadata }) => metadata.name).sort();
  assert.deepEqual(found, nodesOf({ nodes }).map((node) => node.name).sort());
}

/**
 * Bring all environments of a platform up on one cluster, as steps of a test.
 *
 * @returns how many objects were created, by environment
 */
export async function bringUp(
  t: Deno.TestContext,
  name: string,
  ground: Ground,
): Promise<Map<string, number>> {
  const { file, text } = await readPlatformFile(name, { cwd: Deno.cwd() });
  const environments = loadEnvironments(text, { file });
  const counts = new Map<string, number>();
  const bootstrap = (env: string) =>
    ground.run(["bootstrap", "--json", "--platform", name, "--env", env]);

  for (const [env, platform] of environments) {
    await t.step(`${env}: everything becomes ready`, async () => {
      const { created, failed } = changesOf(await bootstrap(env));
      assert.ok(created > 10, `${created} objects`);
      assert.equal(failed, 0);
      counts.set(env, created);
    });

    await t.step(
      `${env}: the nodes are those of the platform`,
      () => assertNodes(ground, platform),
    );

    await t.step(`${env}: a second run writes nothing`, async () => {
      assert.deepEqual(changesOf(await bootstrap(env)), nothing);
    });
  }

  await t.step("no environment has changed one that was there before", async () => {
    // The last one has just said that it has nothing to change.
    for (const env of [...environments.keys()].slice(0, -1)) {
      assert.equal((await ground.run(["diff", "--platform", name, "--env", env])).code, 0, env);
    }
  });
  return counts;
}
