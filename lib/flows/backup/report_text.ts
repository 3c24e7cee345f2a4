import { messageOf, SlipwayError } from "../../core/errors.ts";
import { localAndUtc } from "../../core/local_time.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import {
  lastBackup,
  lastRestored,
  type NotifiedBackup,
  type RunReport,
  sizesOf,
} from "./run_report.ts";

/** A report has this many lines at most about its backups; failures come first. */
const longest = 50;

/** A run in a few lines for people: what it did, when each source was backed up last, and when it was last restored. */
export function reportText(report: RunReport): string {
  const { backups, error, state } = report;
  const lines = backups.toSorted((a, b) =>
    Number(b.error !== undefined) - Number(a.error !== undefined)
  )
    .map((backup) => `${backup.label}: ${state === "start" ? stand(backup) : outcome(backup)}`);
  const left = lines.length - longest;
  return [
    headline(report),
    ...error === undefined ? [] : [withRemedy(error)],
    ...lines.slice(0, longest),
    ...left > 0 ? [`and ${left} more`] : [],
  ].join("\n");
}

/** A run as JSON for other programs; `docs/notifications.md` says what its fields mean. */
export function reportJson(
  report: RunReport,
  { runId, endedAt }: { runId: string; endedAt: Temporal.Instant },
): Record<string, unknown> {
  const { task, job, state, startedAt, backups, error } = report;
  return {
    format: 1,
    task,
    ...job === undefined ? {} : { job },
    state,
    runId,
    startedAt: startedAt.toString(),
    endedAt: endedAt.toString(),
    text: reportText(report),
    ...faultJson(error),
    backups: backups.map(backupJson),
  };
}

function backupJson(backup: NotifiedBackup): Record<string, unknown> {
  const { source, label, record, error } = backup;
  const [last, restored] = [lastBackup(backup), lastRestored(backup)];
  return {
    ...source,
    label,
    state: error === undefined ? "done" : "failed",
    ...faultJson(error),
    ...record === undefined
      ? {}
      : { backup: { id: record.id, durationMs: record.durationMs, ...sizesOf(record) } },
    ...last === undefined ? {} : { lastBackup: { id: last.id, createdAt: last.createdAt } },
    ...restored === undefined ? {} : {
      lastRestored: {
        id: restored.record.id,
        createdAt: restored.record.createdAt,
        verifiedAt: restored.verification.verifiedAt,
        durationMs: restored.verification.durationMs,
      },
    },
  };
}

function faultJson(error: unknown): Record<string, string> {
  if (error === undefined) return {};
  const remedy = error instanceof SlipwayError ? error.remedy : undefined;
  return { error: messageOf(error), ...remedy === undefined ? {} : { remedy } };
}

function headline({ task, job, state, backups }: RunReport): string {
  const name = job === undefined ? task : `${task} (${job})`;
  const failed = backups.filter(({ error }) => error !== undefined).length;
  const all = backups.length;
  switch (state) {
    case "start":
      return `${name} begins`;
    case "success":
      return `${name}: done${all > 1 ? `, all ${all}` : ""}`;
    case "partly":
      return `${name}: ${failed} of ${all} FAILED, the others are done`;
    case "fail":
      return `${name}: FAILED`;
  }
}

function outcome(backup: NotifiedBackup): string {
  const { record, error } = backup;
  if (error !== undefined) return `FAILED: ${withRemedy(error)}; ${stand(backup)}`;
  if (record === undefined) return `done; ${stand(backup)}`;
  const took = `${formatBytes(sizesOf(record).plainBytes)} in ${formatDuration(record.durationMs)}`;
  return `${took}; ${stand(backup)}`;
}

/** What matters most of a source, whatever this run did. */
function stand(backup: NotifiedBackup): string {
  const [last, restored] = [lastBackup(backup), lastRestored(backup)];
  const unknown = backup.listing === undefined;
  return [
    last === undefined
      ? unknown ? "last backup unknown" : "NO BACKUP"
      : `last backup ${inUtc(last.createdAt)}`,
    restored === undefined
      ? unknown ? "last restore unknown" : "never restored"
      : `last restored successfully ${inUtc(restored.verification.verifiedAt)}`,
  ].join(", ");
}

function withRemedy(error: unknown): string {
  const remedy = error instanceof SlipwayError ? error.remedy : undefined;
  return remedy === undefined ? messageOf(error) : `${messageOf(error)} (${remedy})`;
}

/** Whoever is told is not where the run was. */
function inUtc(instant: string): string {
  return localAndUtc(Temporal.Instant.from(instant), "UTC");
}
