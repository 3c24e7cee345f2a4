import { mapConcurrently } from "../../lib/core/concurrency.ts";
import { withFaultGround } from "./backup_fault_ground.ts";
import { backupFaults } from "./backup_fault_rows.ts";
import { restoreFaults } from "./restore_fault_rows.ts";
import { type FaultOutcome, type FaultRow, runRow } from "./backup_fault_run.ts";

/** How many rows run at once. */
const parallel = 4;

const only = Deno.env.get("FAULTS");
const rows: FaultRow[] = [...backupFaults, ...restoreFaults].filter(({ task, fault, phase }) =>
  `${task}: ${fault}, ${phase}`.includes(only ?? "")
);

Deno.test("a backup or a restore that meets a fault fails, and harms nothing", async (t) => {
  await withFaultGround(async (ground) => {
    const run = (row: FaultRow) => runRow(ground, row, `row${rows.indexOf(row)}`);
    const [sturdy, fragile] = await Promise.all([
      mapConcurrently(rows.filter(({ isFragile }) => !isFragile), parallel, run),
      mapConcurrently(rows.filter(({ isFragile }) => isFragile), 1, run),
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

function tableOf(outcomes: readonly FaultOutcome[]): string {
  const lines = outcomes.map(({ row, code, error, durationMs }) => [
    row.task,
    row.fault,
    row.phase,
    String(code ?? "none"),
    error === undefined ? "as wanted" : "NOT as wanted",
    (durationMs / 1000).toFixed(1),
  ]);
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]!.length))) ?? [];
  return lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at]!)).join("  ")).join(
    "\n",
  );
}
