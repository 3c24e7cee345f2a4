import type { FaultOutcome, FaultRow } from "./backup_fault_run.ts";

/** How a row's task ends, in words. */
function endOf({ ends, isDone }: FaultRow): string {
  if (ends === "absorbed") return "goes on to its end";
  const how = ends === "killed" ? "is killed" : "fails";
  return isDone ? `${how}, when all was done` : how;
}

/** What became of each row, as text with a column for each thing. */
export function tableOf(outcomes: readonly FaultOutcome[]): string {
  const lines = [
    ["task", "fault", "phase", "exit code", "the task", "good backup, leftovers, next run"],
    ...outcomes.map(({ row, code, error }) => [
      row.task,
      row.fault,
      row.phase,
      String(code ?? "none"),
      endOf(row),
      error === undefined ? "as they must be" : "NOT as they must be",
    ]),
  ];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  return [
    ...lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at]!)).join("  ").trimEnd()),
    `${outcomes.length} faults, ${
      outcomes.filter(({ error }) => error === undefined).length
    } of them harmless`,
  ].join("\n");
}

/** The rows of a task as a table of Markdown: for each fault a line for each way in which the task ends. */
export function pageTable(rows: readonly FaultRow[], task: FaultRow["task"]): string {
  const phases = new Map<string, string[]>();
  for (const row of rows) {
    if (row.task !== task) continue;
    const line = `| ${row.fault} | ${endOf(row)} |`;
    phases.set(line, [...phases.get(line) ?? [], row.phase]);
  }
  const lines = [...phases].map(([line, names]) => `${line} ${names.join(", ")} |`);
  const head = [`| What goes wrong | The ${task} | In these phases |`, "|---|---|---|"];
  return [...head, ...lines, ""].join("\n");
}
