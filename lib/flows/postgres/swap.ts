import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { quotedName, quotedText } from "../../postgres/sql_session.ts";
import { endSessions } from "./leftovers.ts";
import { maintenance } from "./maintenance.ts";

/** How a database that is made gets its name. */
export interface SwapOptions {
  /** Its name until now. */
  working: string;
  /** Its name from now on. */
  final: string;
  /** Name and comment that the database of that name gets instead, where there is one that it takes the place of. */
  before?: { name: string; mark: string };
  /** Statements that it still needs. */
  last: readonly string[];
  /** The statement that gives it its own comment. */
  comment: string;
}

/** How often sessions that hold up a renaming are ended, in milliseconds. */
const endMs = 50;
/** Whoever interrupts a run must not come between what is put back, in milliseconds. */
const swapBackMs = 60_000;

/**
 * Give a database its final name, in one transaction: all of it is done, or nothing. Sessions in the database that it
 * takes the place of are ended; new ones wait, and come to the new one.
 *
 * @throws {PostgresError} when the server refuses; everything is as it was then
 */
export async function swapIn(
  access: PostgresAccess,
  { working, final, before, last, comment }: SwapOptions,
  context: Pick<Context, "signal">,
): Promise<void> {
  const rename = (from: string, to: string) =>
    `ALTER DATABASE ${quotedName(from)} RENAME TO ${quotedName(to)}`;
  const statements = [
    ...last,
    comment,
    ...before === undefined ? [] : [
      rename(final, before.name),
      `COMMENT ON DATABASE ${quotedName(before.name)} IS ${quotedText(before.mark)}`,
    ],
    rename(working, final),
  ];
  await maintenance(access, final, async (session) => {
    context.signal.throwIfAborted();
    const renaming = new AbortController();
    const ending = before === undefined
      ? Promise.resolve()
      : endUntil(access, final, renaming.signal);
    try {
      await session.query("BEGIN");
      for (const statement of statements) await session.query(statement);
      await session.query("COMMIT");
    } catch (error) {
      await session.query("ROLLBACK").catch(() => {});
      throw inUse(error, final);
    } finally {
      renaming.abort();
      await ending;
    }
  });
}

/** Put back what a database took the place of, with the comment that it had; the other one gets its mark again. */
export async function swapBack(
  access: PostgresAccess,
  { working, final, before }: { working: string; final: string; before: string },
  { mark, comment }: { mark: string; comment?: string },
): Promise<void> {
  const text = comment === undefined ? "NULL" : quotedText(comment);
  await swapIn(access, {
    working: before,
    final,
    before: { name: working, mark },
    last: [],
    comment: `COMMENT ON DATABASE ${quotedName(before)} IS ${text}`,
  }, { signal: AbortSignal.timeout(swapBackMs) });
}

/**
 * A renaming waits a few seconds for sessions to end, while no new ones come in. Source: PostgreSQL, procarray.c,
 * CountOtherDBBackends().
 */
async function endUntil(
  access: PostgresAccess,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  await maintenance(access, database, async (session) => {
    while (!signal.aborted) {
      await endSessions(session, database);
      await sleepFor(endMs, signal).catch(() => {});
    }
  }).catch(() => {
    // Then the renaming fails, and says who is in the way.
  });
}

function inUse(error: unknown, database: string): unknown {
  if (!(error instanceof SlipwayError) || !/being accessed by other users/.test(error.message)) {
    return error;
  }
  return new SlipwayError(
    `Cannot take the place of the database ${database}: somebody is still in it: ${error.message}`,
    {
      remedy: "see in pg_stat_activity who it is, and run the same command again",
      cause: error,
    },
  );
}
