import { step } from "../../lib/core/steps.ts";
import { backUp, wantedMemory } from "./backup.ts";
import { dropDatabase, eventsDatabase } from "./backup_data.ts";
import { withBackupGround } from "./backup_ground.ts";
import { clearStore } from "./backup_peers.ts";
import type { Ground } from "./ground.ts";
import type { Series } from "./measure.ts";
import { timed } from "./timed.ts";

const part = "backup-memory";

/** Back up a little and a lot; the memory is to be the same. */
export async function measureBackupMemory(
  ground: Ground,
  runs: number,
  sizes: readonly number[] = [1e8, 5e9],
): Promise<Series[]> {
  const { context } = ground;
  return await withBackupGround(ground, async (own) => {
    const series: Series[] = [];
    for (const bytes of sizes) {
      const label = `${bytes / 1e9} GB of events`;
      const database = eventsDatabase(label, bytes);
      const count = Math.min(runs, database.mostRuns ?? runs);
      await step(context, `Make ${label}`, () => database.make(own));
      const ms: number[] = [];
      const memory: number[] = [];
      await step(context, `Back up ${label}`, async (progress) => {
        for (let run = 1; run <= count; run++) {
          progress(`run ${run}`, run - 1, count);
          const usage = await backUp(own, database.name);
          ms.push(usage.ms);
          memory.push(usage.peakRssBytes);
          await timed(clearStore(own), own.signal);
        }
      });
      await dropDatabase(own, database.name);
      series.push(
        { part, name: `${label}, backup-postgres`, unit: "ms", values: ms },
        { part, name: `${label}, its memory`, unit: "bytes", values: memory, wanted: wantedMemory },
      );
    }
    return series;
  });
}
