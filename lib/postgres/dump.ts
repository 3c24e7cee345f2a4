import type { ByteStream } from "../core/program.ts";
import { SlipwayError } from "../core/errors.ts";
import { type DumpGuard, dumpGuard } from "./dump_guard.ts";
import { programFailure } from "./program_failure.ts";
import type { PostgresPrograms } from "./programs.ts";
import type { TableRef } from "./tables.ts";

/** What is dumped. */
export interface DumpOptions {
  /** Name of the database. */
  database: string;
  /** Snapshot that it is read at. */
  snapshot: string;
  /** How long it waits for a lock that somebody else holds, in milliseconds. */
  lockTimeoutMs: number;
  /** Options that change what the dump has. */
  options: readonly string[];
  /** Tables, by schema and name, whose rows it must have. */
  tables: readonly TableRef[];
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Dump a database in pg_dump's custom format, not compressed. The stream ends only when pg_dump ended well, and what
 * it wrote is whole by its own table of contents.
 *
 * @throws {SlipwayError} when it cannot be started; the stream fails when pg_dump does
 */
export async function dumpDatabase(
  programs: PostgresPrograms,
  { database, snapshot, lockTimeoutMs, options, tables, signal }: DumpOptions,
): Promise<ByteStream> {
  const { stdout } = await programs.start("pg_dump", {
    args: [
      "--format=custom",
      "--compress=0",
      `--snapshot=${snapshot}`,
      `--lock-wait-timeout=${lockTimeoutMs}`,
      ...options,
      ...programs.connect(database),
    ],
    signal,
  });
  return guarded(stdout, `the database ${database} at ${programs.name}`, tables);
}

/** The stream, which fails in other words, and also when it is not the whole dump. */
function guarded(stream: ByteStream, what: string, tables: readonly TableRef[]): ByteStream {
  const reader = stream.getReader();
  const guard = dumpGuard(`the dump of ${what}`);
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch((error) => {
        throw programFailure(`dump ${what}`, error);
      });
      try {
        if (!next.done) {
          guard.push(next.value);
          return controller.enqueue(next.value);
        }
        guard.end();
        checkTables(guard, what, tables);
        controller.close();
      } catch (error) {
        await reader.cancel(error).catch(() => {});
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Rows are counted of the same tables that are dumped, or something is wrong with one of both. */
function checkTables(guard: DumpGuard, what: string, tables: readonly TableRef[]): void {
  const entries = guard.withData();
  if (entries === undefined) return;
  const nameOf = (schema: string | undefined, table: string) => JSON.stringify([schema, table]);
  const dumped = new Set(
    entries.filter(({ kind }) => kind === "TABLE DATA")
      .map(({ schema, name }) => nameOf(schema, name)),
  );
  // A dump has other names in the database's own encoding.
  const comparable = tables.filter(({ name }) => /^[\x20-\x7e]*$/.test(name));
  const missing = comparable.filter(({ schema, table }) => !dumped.has(nameOf(schema, table)));
  if (missing.length === 0) return;
  throw new SlipwayError(
    `Refused the dump of ${what}: it has no rows of ${missing.length} tables, such as ${
      missing[0]!.name
    }`,
    { remedy: "see whether the program is PostgreSQL's own pg_dump, and what its server logs" },
  );
}
