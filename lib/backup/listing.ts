import { SlipwayError, UsageError } from "../core/errors.ts";
import { type BackupSource, nameOfSource } from "./names.ts";
import type { BackupRecord } from "./record.ts";
import type { Verification } from "./verification.ts";

/** A backup that is whole as far as can be told without reading it. */
export interface ListedBackup {
  /** What is known of it. */
  record: BackupRecord;
  /** When it was last restored; absent where it never was. */
  verification?: Verification;
}

/** A record whose backup cannot be used. */
export interface DamagedBackup {
  /** Id of the backup. */
  id: string;
  /** Why it cannot be used. */
  because: string;
}

/** All that a store has of one source. */
export interface BackupListing {
  /** What the backups are of. */
  source: BackupSource;
  /** Backups, newest first. */
  backups: ListedBackup[];
  /** Records whose backups cannot be used. */
  damaged: DamagedBackup[];
  /** Names of objects without a record: of a backup that runs just now, or was killed. */
  unfinished: string[];
  /** Ids of backups that a run began to remove, and that the next one finishes. */
  removing: string[];
  /** Names of what no backup has: somebody else's. */
  foreign: string[];
}

/**
 * The backup that is meant: the newest, the newest one that began at a time or before it, or the one with this id.
 *
 * @throws {UsageError} when `from` is neither `latest`, nor a time with its offset, nor an id
 * @throws {SlipwayError} when there is none, or it cannot be used
 */
export function chooseBackup(listing: BackupListing, from: string, where: string): ListedBackup {
  const { source, backups, damaged, unfinished } = listing;
  const newest = backups[0];
  if (from === "latest" && newest !== undefined) return newest;
  const time = timeOf(from);
  const found = backups.find(({ record }) =>
    time === undefined
      ? record.id === from
      : Temporal.Instant.compare(Temporal.Instant.from(record.createdAt), time) <= 0
  );
  if (found !== undefined) return found;
  const broken = damaged.find(({ id }) => id === from);
  if (broken !== undefined) {
    throw new SlipwayError(`The backup ${from} is damaged: ${broken.because}`, {
      remedy: newest === undefined ? undefined : `use ${newest.record.id}, or another one`,
    });
  }
  const known = backups.slice(0, 5).map(({ record }) => record.id);
  const others = [
    damaged.length > 0 ? `${damaged.length} damaged` : "",
    unfinished.length > 0 ? `${unfinished.length} unfinished` : "",
  ].filter((text) => text !== "").join(" and ");
  throw new SlipwayError(
    from === "latest"
      ? `There is no backup of ${nameOfSource(source)} in ${where}${
        others === "" ? "" : `, only ${others}`
      }`
      : time !== undefined
      ? `There is no backup of ${nameOfSource(source)} from ${from} or before it in ${where}`
      : `There is no backup ${from} of ${nameOfSource(source)} in ${where}`,
    {
      remedy: known.length > 0
        ? `name one of ${known.join(", ")}`
        : "check --store, --platform and --env; without its record a backup does not exist",
    },
  );
}

/** The moment that a text means, such as `2026-11-21T03:00Z` or `2026-11-21T04:00+01:00`. */
function timeOf(text: string): Temporal.Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text);
  } catch (cause) {
    throw new UsageError(`Cannot tell which moment "${text}" is`, {
      remedy: "write the time with its offset, such as 2026-11-21T03:00Z or 2026-11-21T04:00+01:00",
      cause,
    });
  }
}
