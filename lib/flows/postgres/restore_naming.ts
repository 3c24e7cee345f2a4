import { backupId } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import type { PostgresBackupDetails } from "../../postgres/details.ts";
import { type RestoreMark, restoreName, writeMark } from "../../postgres/restore_names.ts";
import { quotedText, type SqlSession } from "../../postgres/sql_session.ts";
import type { Filled } from "./fill.ts";
import { maintenance } from "./maintenance.ts";
import { swapBack, swapIn } from "./swap.ts";

/** The names that databases have while one is restored, and afterwards. */
export interface Naming {
  /** Name of the database until it passed its checks. */
  working: string;
  /** Its name from then on. */
  final: string;
  /** Whether it takes the place of another one. */
  replaces: boolean;
  /** Name of that other one from then on. */
  before: string;
  /** What is written on the one or the other. */
  mark(state: RestoreMark["state"]): RestoreMark;
  /** Check that it can be so. @throws {SlipwayError} when the name is taken, or nothing is there to take the place of */
  check(session: SqlSession): Promise<void>;
}

/** What names are made from. */
export interface NamingOptions {
  /** Name that the database gets. */
  final: string;
  /** Whether it takes the place of another one. */
  replace: boolean;
  /** What is known of the database. */
  details: PostgresBackupDetails;
  /** What is known of its backup. */
  record: BackupRecord;
  /** When the restore began. */
  startedAt: Temporal.Instant;
  /** A random number. */
  random: () => number;
}

/** Names for one restore. */
export async function namingOf(
  { final, replace, details, record, startedAt, random }: NamingOptions,
): Promise<Naming> {
  // Of this run: the same backup may be restored twice, and what was there before is not the same then.
  const before = await restoreName(final, "before", backupId(startedAt, random));
  const mark = (state: RestoreMark["state"]): RestoreMark => ({
    state,
    database: final,
    source: details.database,
    backup: record.id,
    startedAt: startedAt.toString(),
  });
  return {
    working: await restoreName(details.database, "restoring", record.id),
    final,
    replaces: replace,
    before,
    mark,
    async check(session) {
      const there = await session.query(
        `SELECT datname FROM pg_database WHERE datname = ${quotedText(final)}`,
      );
      if (there.length > 0 && !replace) {
        throw new UsageError(`Refused to restore to ${final}: there is a database of this name`, {
          remedy:
            "name another one with --to, or let it take the place of that one with --replace, which keeps the old one",
        });
      }
      if (there.length === 0 && replace) {
        throw new UsageError(`Cannot take the place of the database ${final}: it is not there`, {
          remedy: "leave out --replace, and name the new one with --to",
        });
      }
      const held = await session.query(
        `SELECT gid FROM pg_prepared_xacts WHERE database = ${quotedText(final)}`,
      );
      if (replace && held.length > 0) {
        throw new SlipwayError(
          `Cannot take the place of the database ${final}: it has prepared transactions: ${
            held.map(({ gid }) => gid).join(", ")
          }`,
          { remedy: "end them with COMMIT PREPARED or ROLLBACK PREPARED in that database" },
        );
      }
      if (["template0", "template1"].includes(final)) {
        throw new UsageError(`Refused to restore to ${final}, which every server needs`);
      }
    },
  };
}

/**
 * Give the database that was made its final name, and see that it is what now answers to that name. Where it does not,
 * what was there comes back.
 *
 * @throws {SlipwayError} when it cannot take its name; what was there is there then
 */
export async function bringToPlace(
  access: PostgresAccess,
  naming: Naming,
  { last, comment }: Filled,
  context: Context,
): Promise<void> {
  const { working, final, before, replaces } = naming;
  const title = replaces ? `Put it in the place of ${final}` : `Name it ${final}`;
  await step(context, title, async () => {
    const [made, old] = await maintenance(access, final, async (session) => [
      await describe(session, working),
      await describe(session, final),
    ]);
    const names = { working, final };
    const mark = { ...naming.mark("before"), ...old?.comment && { comment: old.comment } };
    const aside = { name: before, mark: writeMark(mark) };
    await swapIn(
      access,
      { ...names, last, comment, ...replaces ? { before: aside } : {} },
      context,
    );
    const now = await maintenance(access, final, (session) => describe(session, final));
    if (made !== undefined && now?.oid === made.oid) return;
    if (replaces) {
      await swapBack(access, { ...names, before }, {
        mark: writeMark(naming.mark("restoring")),
        ...old?.comment && { comment: old.comment },
      });
    }
    throw new SlipwayError(`The database ${final} is not the one that was restored`, {
      remedy: "see who else renames databases there, and run the same command again",
    });
  });
}

async function describe(
  session: SqlSession,
  name: string,
): Promise<{ oid: string; comment: string | null } | undefined> {
  const [row] = await session.query(
    "SELECT oid, shobj_description(oid, 'pg_database') AS comment FROM pg_database " +
      `WHERE datname = ${quotedText(name)}`,
  );
  return row === undefined ? undefined : { oid: row["oid"]!, comment: row["comment"] ?? null };
}
