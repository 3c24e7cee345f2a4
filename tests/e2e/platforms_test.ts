import assert from "node:assert/strict";
import { platformNames, readPlatformFile } from "../../lib/flows/render.ts";
import { nodesOf } from "../../lib/platform/nodes.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { withGround } from "./ground.ts";
import { summaryOf, type TaskOutcome } from "./task.ts";

function succeeded(outcome: TaskOutcome): TaskOutcome {
  assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout.slice(-4_000));
  return outcome;
}

/** What a bootstrap ended with, of what a second one must not do. */
function changes(outcome: TaskOutcome) {
  const { created, configured, pruned, conflicted, failed, writes } = summaryOf(outcome);
  return { created, configured, pruned, conflicted, failed, writes };
}

const none = { created: 0, configured: 0, pruned: 0, conflicted: 0, failed: 0, writes: 0 };

for (const name of await platformNames()) {
  Deno.test(`${name} comes up in all of its environments, side by side on one cluster`, async (t) => {
    const { file, text } = await readPlatformFile(name, { cwd: Deno.cwd() });
    const environments = loadEnvironments(text, { file });
    await withGround(async ({ run, asAdmin }) => {
      const bootstrap = (env: string) =>
        run(["bootstrap", "--json", "--platform", name, "--env", env]);

      for (const [env, { nodes }] of environments) {
        await t.step(`${env}: everything becomes ready`, async () => {
          const { created, failed } = changes(succeeded(await bootstrap(env)));
          assert.ok((created as number) > 10, `${created} objects`);
          assert.equal(failed, 0);
        });

        await t.step(`${env}: the nodes are those of the platform`, async () => {
          const { items } = await asAdmin((client) =>
            client.list({ apiVersion: "v1", kind: "Node" })
          );
          const found = items.map(({ metadata }) => metadata.name).sort();
          assert.deepEqual(found, nodesOf({ nodes }).map((node) => node.name).sort());
        });

        await t.step(`${env}: a second run writes nothing`, async () => {
          assert.deepEqual(changes(succeeded(await bootstrap(env))), none);
        });
      }

      await t.step("no environment has changed another", async () => {
        for (const env of environments.keys()) {
          assert.equal((await run(["diff", "--platform", name, "--env", env])).code, 0, env);
        }
      });
    });
  });
}
