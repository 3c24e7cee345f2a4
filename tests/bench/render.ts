import type { Context } from "../../lib/core/context.ts";
import { step } from "../../lib/core/steps.ts";
import type { Series } from "./measure.ts";
import { taskCommand, timed } from "./timed.ts";

const platform = "bareuptime";
const timesInProcess = 21;

/** Load and render the reference platform: in a process that goes on, and by the task as users type it. */
export async function measureRender(context: Context, runs: number): Promise<Series[]> {
  const { signal } = context;
  return await step(context, "Render the platform", async (progress) => {
    const cold: number[] = [];
    const warm: number[] = [];
    const whole: number[] = [];
    const task = await taskCommand("render");
    const inProcess = [
      Deno.execPath(),
      ...["run", "-q", "-P=render", "tests/bench/render_platform.ts"],
      ...[platform, String(timesInProcess)],
    ];
    for (let run = 0; run <= runs; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runs + 1);
      const { stdout } = await timed({ command: inProcess }, signal);
      const { ms } = await timed({ command: [...task, "--platform", platform] }, signal);
      if (run === 0) continue;
      const [first, ...more] = JSON.parse(stdout) as [number, ...number[]];
      cold.push(first);
      warm.push(...more);
      whole.push(ms);
    }
    const part = "render";
    return [
      { part, name: `${platform}, first time in a process`, unit: "ms", values: cold },
      { part, name: `${platform}, again in that process`, unit: "ms", values: warm },
      { part, name: "deno task render, whole process", unit: "ms", values: whole },
    ];
  });
}
