import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { type Progress, step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { isAboutRoles, looseCreate, readDatabaseSql } from "../../postgres/database_sql.ts";
import { databaseScript, type DumpReading, restoreArchive } from "../../postgres/restore.ts";
import { quotedName, quotedText } from "../../postgres/sql_session.ts";
import { restoreParts } from "./fill_parts.ts";
import { isPartial, type PartRequest } from "./parts.ts";
import { proveDatabase } from "./prove.ts";
import { dumpSize, openDump, type StoredDump } from "./stored_dump.ts";
import { inDatabase, maintenance } from "./maintenance.ts";

/** How a database is made from a backup. */
export interface FillOptions extends PartRequest {
  /** Its name; nothing has it yet. */
  name: string;
  /** What is written as its comment as long as it is not finished. */
  mark: string;
  /** Give it and what is in it the owners and rights that they had. */
  owner: boolean;
  /** Put what is in it where it was, rather than in the default tablespace. */
  tablespaces: boolean;
  /** Where the server does not know its locale, take one that every server knows. @default false */
  anyLocale?: boolean;
  /** SQL that must answer with a row. */
  query?: string;
}

/** A database that was made, and what is left to be done when it gets its final name. */
export interface Filled {
  /** What was looked at, each in one line. */
  checks: string[];
  /** How many bytes of the dump were restored. */
  restoredBytes: number;
  /** Statements of the database that would have been in the way until now. */
  last: string[];
  /** The statement that gives it its own comment, or none. */
  comment: string;
}

/**
 * Make a database from a backup, and show that it has what was backed up. It is marked as unfinished, and stays so.
 *
 * @throws {SlipwayError} when anything of it fails; the database may be there then
 */
export async function fillDatabase(
  access: PostgresAccess,
  stored: StoredDump,
  options: FillOptions,
  context: Context,
): Promise<Filled> {
  const { name } = options;
  const { signal } = context;
  const { programs } = access;
  const reading: DumpReading = { programs, open: () => openDump(stored, signal), signal };
  const sql = readDatabaseSql(await databaseScript(reading), name);
  if (sql === undefined) {
    throw new SlipwayError(`Cannot use the backup ${stored.record.id}: its dump has no database`, {
      remedy: "use another backup",
    });
  }
  const own = (statements: readonly string[]) =>
    options.owner ? [...statements] : statements.filter((each) => !isAboutRoles(each));
  await createDatabase(access, sql.create, options, context);
  await maintenance(access, name, async (session) => {
    await session.query(`COMMENT ON DATABASE ${quotedName(name)} IS ${quotedText(options.mark)}`);
    for (const statement of own(sql.properties)) await session.query(statement);
  });
  const args = [
    ...options.owner ? [] : ["--no-owner", "--no-acl"],
    ...options.tablespaces ? [] : ["--no-tablespaces"],
  ];
  const total = dumpSize(stored);
  const title = `Restore ${stored.record.id} to ${name}`;
  const tables = await step(context, title, async (progress) => {
    const counted = { ...reading, open: async () => told(await reading.open(), total, progress) };
    if (isPartial(options)) {
      return await restoreParts(access, counted, { ...options, args }, context);
    }
    await restoreArchive(counted, { database: name, args });
  }, () => formatBytes(total));
  const { query } = options;
  const checks = await proveDatabase(
    access,
    { name, details: stored.details, ...tables && { tables }, ...query && { query } },
    context,
  );
  await step(
    context,
    `Gather statistics of ${name}`,
    () =>
      inDatabase(access, name, async (session) => {
        await session.query("ANALYZE");
      }),
  );
  return {
    checks,
    restoredBytes: total,
    last: own(sql.last),
    comment: sql.comment ?? `COMMENT ON DATABASE ${quotedName(name)} IS NULL`,
  };
}

async function createDatabase(
  access: PostgresAccess,
  create: string,
  { name, tablespaces, anyLocale = false }: FillOptions,
  { emit, signal }: Context,
): Promise<void> {
  await maintenance(access, name, async (session) => {
    signal.throwIfAborted();
    try {
      await session.query(looseCreate(create, { tablespace: tablespaces }));
    } catch (error) {
      const unknownLocale = error instanceof SlipwayError &&
        /locale|collation|LC_COLLATE|LC_CTYPE|ICU/i.test(error.message);
      if (!unknownLocale) throw error;
      if (!anyLocale) {
        throw new SlipwayError(`${error.message}: the server lacks the database's locale`, {
          remedy: "make that locale known to the server's system, then start the server again",
          cause: error,
        });
      }
      emit({
        type: "note",
        level: "warning",
        message: `${name} is restored with the locale C, since this machine lacks its own`,
        remedy: "install the locale to have the order of texts verified too",
      });
      await session.query(looseCreate(create, { tablespace: false, locale: "C" }));
    }
  });
}

/** How often progress is told, in bytes. */
const toldBytes = 16 * 1024 * 1024;

/** The stream, of which is told how much has passed. */
function told(stream: ByteStream, total: number, progress: Progress): ByteStream {
  let passed = 0;
  let next = toldBytes;
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        passed += chunk.length;
        if (passed >= next) {
          progress(`${formatBytes(passed)} of ${formatBytes(total)}`, passed, total);
          next = passed + toldBytes;
        }
        controller.enqueue(chunk);
      },
    }),
  );
}
