import assert from "node:assert/strict";
import { backupFaults } from "../e2e/backup_fault_rows.ts";
import { pageTable } from "../e2e/backup_fault_table.ts";
import { restoreFaults } from "../e2e/restore_fault_rows.ts";
import { readPages } from "./pages.ts";

const rows = [...backupFaults, ...restoreFaults];
const page = (await readPages()).find(({ path }) => path === "docs/backup-faults.md")!;

for (const task of ["backup", "restore"] as const) {
  Deno.test(`docs/backup-faults.md has each fault of a ${task} that is tested`, () => {
    assert.ok(page.text.includes(`## ${task}-postgres\n\n${pageTable(rows, task)}`));
  });
}

Deno.test("faults are met in at least 60 ways, each once", () => {
  const ways = new Set(rows.map(({ task, fault, phase }) => `${task}: ${fault}, ${phase}`));
  assert.equal(ways.size, rows.length);
  assert.ok(ways.size >= 60, `only ${ways.size}`);
});
