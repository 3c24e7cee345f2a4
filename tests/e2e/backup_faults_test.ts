import { mapConcurrently } from "../../lib/core/concurrency.ts";
import { withFaultGround } from "./backup_fault_ground.ts";
import { backupFaults } from "./backup_fault_rows.ts";
import { restoreFaults } from "./restore_fault_rows.ts";
import { type FaultRow, runRow } from "./backup_fault_run.ts";
import { tableOf } from "./backup_fault_table.ts";

/** How many rows run at once. */
const parallel = 4;

/** Part of the name of the rows that are run, for whoever looks into one: `backup: flipped byte`. */
const only = Deno.env.get("FAULTS");
const rows: FaultRow[] = [...backupFaults, ...restoreFaults].filter(({ task, fault, phase }) =>
  `${task}: ${fault}, ${phase}`.includes(only ?? "")
);

Deno.test("a backup or a restore that meets a fault fails, and harms nothing", async (t) => {
  await withFaultGround(async (ground) => {
    const lanes = Array.from({ length: parallel }, (_, at) => String(at));
    const run = (row: FaultRow, lane: string) =>
      runRow(ground, row, { prefix: `row${rows.indexOf(row)}`, lane });
    const [sturdy, fragile] = await Promise.all([
      mapConcurrently(rows.filter(({ isFragile }) => !isFragile), parallel, async (row) => {
        const lane = lanes.pop()!;
        const outcome = await run(row, lane);
        lanes.push(lane);
        return outcome;
      }),
      mapConcurrently(rows.filter(({ isFragile }) => isFragile), 1, (row) => run(row, "fragile")),
    ]);
    const outcomes = [...sturdy, ...fragile]
      .toSorted((a, b) => rows.indexOf(a.row) - rows.indexOf(b.row));
    console.log(tableOf(outcomes));
    for (const { row, error } of outcomes) {
      await t.step(`${row.task}: ${row.fault}, ${row.phase}`, () => {
        if (error !== undefined) throw error;
      });
    }
  });
});
