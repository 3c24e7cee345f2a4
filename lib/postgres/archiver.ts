import { localAndUtc } from "../core/local_time.ts";
import { formatDuration } from "../core/units.ts";
import type { ArchiveVerdict } from "./archive_verdict.ts";
import type { SqlRow, SqlSession } from "./sql_session.ts";

/** What a server says of its archiver. */
export interface ArchiverFacts {
  /** Whether it archives: `off`, `on` or `always`. */
  mode: string;
  /** Longest time that WAL with changes waits to become whole, in seconds; 0 is for ever. */
  timeoutSeconds: number;
  /** When a file was archived last. */
  lastArchived?: Temporal.Instant;
  /** When archiving a file failed last. */
  lastFailed?: Temporal.Instant;
  /** Which file that was. */
  lastFailedWal?: string;
  /** Whole files that wait to be archived. */
  waiting: number;
  /** Since when the oldest of them waits. */
  waitingSince?: Temporal.Instant;
  /** The time by the server's clock. */
  now: Temporal.Instant;
}

/**
 * Source: PostgreSQL, "The Cumulative Statistics System", pg_stat_archiver, and "System Administration Functions",
 * pg_ls_archive_statusdir (12 and newer; for superusers and members of pg_monitor).
 */
const question = `
  SELECT current_setting('archive_mode') AS mode,
    (SELECT setting FROM pg_settings WHERE name = 'archive_timeout') AS timeout,
    extract(epoch FROM last_archived_time) AS archived,
    extract(epoch FROM last_failed_time) AS failed,
    last_failed_wal AS failed_wal,
    (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') AS waiting,
    (SELECT extract(epoch FROM min(modification)) FROM pg_ls_archive_statusdir()
      WHERE name LIKE '%.ready') AS waiting_since,
    extract(epoch FROM clock_timestamp()) AS now
  FROM pg_stat_archiver`;

/**
 * Ask a server about its archiver; it must be the primary.
 *
 * @throws {PostgresError} when it does not answer
 */
export async function readArchiver(session: Pick<SqlSession, "query">): Promise<ArchiverFacts> {
  const [row = {}] = await session.query(question);
  const times = {
    lastArchived: instantOf(row, "archived"),
    lastFailed: instantOf(row, "failed"),
    waitingSince: instantOf(row, "waiting_since"),
  };
  return {
    mode: row.mode ?? "",
    timeoutSeconds: Number(row.timeout ?? 0),
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    ...row.failed_wal === null || row.failed_wal === undefined
      ? {}
      : { lastFailedWal: row.failed_wal },
    waiting: Number(row.waiting ?? 0),
    now: instantOf(row, "now")!,
  };
}

function instantOf(row: SqlRow, column: string): Temporal.Instant | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(Math.round(Number(value) * 1_000));
}

/** A file of WAL that waits for longer than this is behind, where no objective says otherwise, in milliseconds. */
const usuallyAllowedMs = 15 * 60_000;

/**
 * Judge an archiver. That nothing was archived for long says nothing by itself: an idle server has nothing to archive.
 * What counts is what waits.
 *
 * @param allowedMs longest time whose changes may be lost, in milliseconds
 */
export function archiverVerdict(facts: ArchiverFacts, allowedMs?: number): ArchiveVerdict {
  const { mode, timeoutSeconds, lastArchived, lastFailed, lastFailedWal, waiting, now } = facts;
  const known = lastArchived === undefined ? {} : { lastArchived };
  const last = lastArchived === undefined
    ? "nothing was archived yet"
    : `the last success was at ${localAndUtc(lastArchived, "UTC")}`;
  if (mode === "off") {
    return {
      state: "failing",
      because: "archive_mode is off: no WAL leaves the server",
      remedy:
        "see why the operator did not take up the platform's walArchive; archive_mode needs a restart",
    };
  }
  // Where nothing waits any more, the file that failed has arrived, whatever the statistics have yet to learn.
  if (
    waiting > 0 && lastFailed !== undefined &&
    (lastArchived === undefined || Temporal.Instant.compare(lastFailed, lastArchived) > 0)
  ) {
    return {
      ...known,
      state: "failing",
      because: `archiving ${lastFailedWal ?? "WAL"} failed at ${
        localAndUtc(lastFailed, "UTC")
      }, and ${last}, ${filesWait(waiting)}`,
      remedy:
        "see the server's log for what the archive command says; the server's disk fills up until it succeeds",
    };
  }
  const waitedMs = facts.waitingSince === undefined
    ? 0
    : now.since(facts.waitingSince).total("milliseconds");
  if (waitedMs > (allowedMs ?? usuallyAllowedMs)) {
    return {
      ...known,
      state: "behind",
      because: `${filesWait(waiting)}, the oldest for ${formatDuration(waitedMs)}; ${last}`,
      remedy: "see whether the store is slow, or the server writes more than it can send",
    };
  }
  if (allowedMs !== undefined && (timeoutSeconds === 0 || timeoutSeconds * 1_000 > allowedMs)) {
    return {
      ...known,
      state: "behind",
      because: `archive_timeout ${
        timeoutSeconds === 0
          ? "is 0, so that changes wait until 16 MiB of them have come"
          : `lets changes wait for ${formatDuration(timeoutSeconds * 1_000)}`
      }, and ${formatDuration(allowedMs)} are allowed`,
      remedy: `set archive_timeout to ${
        Math.max(1, Math.floor(allowedMs / 2_000))
      }s under parameters`,
    };
  }
  const loss = timeoutSeconds === 0
    ? "archive_timeout is 0, so up to 16 MiB of changes can be lost"
    : `at most ${formatDuration(timeoutSeconds * 1_000)} can be lost`;
  return { ...known, state: "healthy", because: `${last}; ${loss}` };
}

function filesWait(count: number): string {
  return count === 1 ? "1 file of WAL waits" : `${count} files of WAL wait`;
}
