import { step } from "../../lib/core/steps.ts";
import { controlPlanePaths } from "../../lib/flows/embedded/programs.ts";
import type { Ground } from "./ground.ts";
import type { Series } from "./measure.ts";
import { taskCommand, timed } from "./timed.ts";

/**
 * Start clusters that did not exist, by the task that users type, until the API server and all nodes are ready;
 * their programs are in the cache already. Each is removed before the next one starts.
 */
export async function measureStart(ground: Ground, runs: number): Promise<Series[]> {
  const { context, env } = ground;
  await controlPlanePaths(context);
  const ms: number[] = [];
  const bytes: number[] = [];
  await step(context, "Start clusters from nothing", async (progress) => {
    const task = await taskCommand("cluster");
    for (let run = 0; run <= runs; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runs + 1);
      const name = `bench-start-${run}`;
      try {
        const command = [...task, "up", "--name", name, "--json"];
        const outcome = await timed({ command, env }, context.signal);
        if (run === 0) continue;
        ms.push(outcome.ms);
        bytes.push(rssBytesOf(outcome.stdout));
      } finally {
        await ground.reset(name);
      }
    }
  });
  const part = "start";
  return [
    {
      part,
      name: "cluster up, from nothing to all nodes ready",
      unit: "ms",
      values: ms,
      wanted: { atMost: 6_000 },
    },
    {
      part,
      name: "memory of all its processes then",
      unit: "bytes",
      values: bytes,
      wanted: { atMost: 700 * 2 ** 20 },
    },
  ];
}

function rssBytesOf(stdout: string): number {
  const summary = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as { rssBytes: number };
  return summary.rssBytes;
}
