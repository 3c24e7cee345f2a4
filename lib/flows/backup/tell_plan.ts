import { nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import type { BackupRun } from "./run.ts";
import type { BackupItem } from "./item.ts";

/** Tell what a run would back up, as `--dry-run` asks for. */
export function tellPlan(
  items: readonly Pick<BackupItem, "source" | "label">[],
  { recipients, store }: Pick<BackupRun, "recipients" | "store">,
  { emit }: Pick<Context, "emit">,
): ExitCode {
  emit({
    type: "table",
    title: `Would be backed up to ${store.url}`,
    columns: ["What", "Stored as"],
    rows: items.map(({ source, label }) => [label, nameOfSource(source)]),
  });
  emit({
    type: "note",
    level: recipients.length === 0 ? "warning" : "info",
    message: recipients.length === 0
      ? "not encrypted: whoever can read the store can read them"
      : `encrypted for ${recipients.join(" and ")}`,
  });
  return ExitCode.done;
}
