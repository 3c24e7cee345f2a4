import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import { type BackupSource, folderOf, nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { localAndUtc } from "../../core/local_time.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import type { Store } from "../../store/store.ts";
import { readLeases } from "./lease_state.ts";
import { sizesOf } from "./run_report.ts";

/** Tell what a store has of one source: as a table and notes, or as one event a backup. */
export async function tellListing(
  store: Store,
  listing: BackupListing,
  { json = false }: { json?: boolean },
  context: Context,
): Promise<void> {
  const { source, backups, damaged, unfinished, removing, foreign } = listing;
  const { emit, signal } = context;
  const now = store.now?.() ?? context.now();
  const worker = await workerOf(store, source, signal);
  if (json) {
    for (const backup of backups) emit({ type: "summary", ...objectOf(store, source, backup) });
    const rest = { damaged, unfinished, removing, foreign };
    const isAllWell = Object.values(rest).every((each) => each.length === 0) && !worker;
    if (!isAllWell) {
      emit({ type: "summary", ...source, store: store.url, ...rest, ...worker && { worker } });
    }
    return;
  }
  emit({
    type: "table",
    title: `${nameOfSource(source)} in ${store.url}`,
    columns: ["Backup", "Taken", "Age", "Size", "Stored", "Took", "Encrypted", "Last restored"],
    rows: [
      ...backups.map((backup) => rowOf(backup, now)),
      ...damaged.map(({ id }) => [id, "damaged", "", "", "", "", "", ""]),
    ].toSorted(([one = ""], [other = ""]) => one < other ? 1 : -1),
  });
  const name = nameOfSource(source);
  const note = (level: "info" | "warning", message: string, remedy?: string) =>
    emit({ type: "note", level, message, ...remedy && { remedy } });
  if (worker !== undefined) note("info", `${name}: ${worker}`);
  for (const { id, because } of damaged) {
    note(
      "warning",
      `${name}: ${id} cannot be used: ${because}`,
      "restore from another one, or from a copy in another store, and see who may change what is in this one",
    );
  }
  if (unfinished.length > 0) {
    note(
      "info",
      `${name}: without a record, of a run under way or killed: ${shortened(unfinished, source)}`,
    );
  }
  if (removing.length > 0) {
    note("info", `${name}: being removed: ${removing.join(", ")}`, "run prune-backups to its end");
  }
  if (foreign.length > 0) {
    note("info", `${name}: of no backup, and left alone: ${shortened(foreign, source)}`);
  }
}

function rowOf({ record, verification }: ListedBackup, now: Temporal.Instant): string[] {
  const { id, createdAt, durationMs, recipients } = record;
  const at = Temporal.Instant.from(createdAt);
  const { plainBytes, storedBytes } = sizesOf(record);
  return [
    id,
    localAndUtc(at),
    ageText(at, now),
    formatBytes(plainBytes),
    formatBytes(storedBytes),
    formatDuration(durationMs),
    recipients.length === 0 ? "no" : `for ${recipients.length}`,
    verification === undefined
      ? "never"
      : `${localAndUtc(Temporal.Instant.from(verification.verifiedAt))}, in ${
        formatDuration(verification.durationMs)
      }`,
  ];
}

function objectOf(store: Store, source: BackupSource, { record, verification }: ListedBackup) {
  const { id, createdAt, durationMs, tool, recipients, details } = record;
  return {
    ...source,
    store: store.url,
    backup: id,
    createdAt,
    durationMs,
    ...sizesOf(record),
    tool,
    recipients,
    details,
    verification: verification ?? null,
  };
}

/** Days where there are many, else hours and minutes. */
export function ageText(at: Temporal.Instant, now: Temporal.Instant): string {
  const ms = now.since(at).total("milliseconds");
  if (ms < 0) return "in the future";
  const days = Math.floor(ms / 86_400_000);
  return days >= 2 ? `${days} days` : formatDuration(ms);
}

async function workerOf(
  store: Store,
  source: BackupSource,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { newest } = await readLeases(store, source, signal);
  if (newest?.lease === undefined || newest.lease.releasedAt !== undefined) return undefined;
  const { holder, task, takenAt } = newest.lease;
  return `${holder} runs ${task} on it since ${
    localAndUtc(Temporal.Instant.from(takenAt))
  }, or was killed`;
}

function shortened(names: readonly string[], source: BackupSource): string {
  const own = names.map((name) => name.slice(folderOf(source).length));
  const more = own.length - 5;
  return `${own.slice(0, 5).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
