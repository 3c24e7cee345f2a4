import { nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import type { BackupItem, BackupRun } from "./run.ts";

/** Tell what a run would back up, as `--dry-run` asks for. */
export function tellPlan(
  items: readonly Pick<BackupItem, "source" | "label">[],
  { recipients, store }: Pick<BackupRun, "recipients" | "store">,
  { emit }: Pick<Context, "emit">,
): ExitCode {
  emit({
    type: "table",
    title: `Would be backed up to ${store.url}`,
    columns: ["what", "stored as", "for"],
    rows: items.map(({ source, label }) => [
      label,
      nameOfSource(source),
      recipients.length === 0 ? "everybody: not encrypted" : recipients.join(" and "),
    ]),
  });
  return ExitCode.done;
}
