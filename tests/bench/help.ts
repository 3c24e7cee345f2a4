import type { Context } from "../../lib/core/context.ts";
import { step } from "../../lib/core/steps.ts";
import type { Series } from "./measure.ts";
import { taskCommand, timed } from "./timed.ts";

/** Start-up is short, so that more runs cost little and tell more. */
const runs = 10;

/** Print the help of a task, by the command that deno.json has for it. */
export async function measureHelp(context: Context): Promise<Series[]> {
  return await step(context, "Start up for --help", async (progress) => {
    const command = [...await taskCommand("bootstrap"), "--help"];
    const values: number[] = [];
    for (let run = 0; run <= runs; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runs + 1);
      const { ms } = await timed({ command }, context.signal);
      if (run > 0) values.push(ms);
    }
    return [{
      part: "help",
      name: "bootstrap --help",
      unit: "ms",
      values,
      wanted: { atMost: 150 },
    }];
  });
}
