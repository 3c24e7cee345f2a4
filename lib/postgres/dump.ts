import type { ByteStream } from "../core/program.ts";
import { SlipwayError } from "../core/errors.ts";
import { programFailure } from "./program_failure.ts";
import type { PostgresPrograms } from "./programs.ts";

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
  /** Ends it. */
  signal: AbortSignal;
}

/** What every dump in pg_dump's custom format begins with. Source: PostgreSQL, pg_backup_archiver.c, ReadHead(). */
const magic = new TextEncoder().encode("PGDMP");

/**
 * Dump a database in pg_dump's custom format, not compressed. The stream ends only when pg_dump ended well.
 *
 * @throws {SlipwayError} when it cannot be started; the stream fails when pg_dump does
 */
export async function dumpDatabase(
  programs: PostgresPrograms,
  { database, snapshot, lockTimeoutMs, options, signal }: DumpOptions,
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
  return guarded(stdout, `dump the database ${database} at ${programs.name}`);
}

/** The stream, which fails in other words, and also when it does not begin as a dump does. */
function guarded(stream: ByteStream, tried: string): ByteStream {
  const reader = stream.getReader();
  let seen = 0;
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch((error) => {
        throw programFailure(tried, error);
      });
      if (next.done) {
        if (seen < magic.length) {
          throw new SlipwayError(`Cannot ${tried}: pg_dump ended well, but wrote ${seen} bytes`);
        }
        return controller.close();
      }
      const { value } = next;
      for (let at = 0; seen + at < magic.length && at < value.length; at++) {
        if (value[at] !== magic[seen + at]) {
          await reader.cancel().catch(() => {});
          throw new SlipwayError(`Cannot ${tried}: what pg_dump wrote is no dump`, {
            remedy:
              "see whether the program is PostgreSQL's own, or a wrapper that prints something",
          });
        }
      }
      seen += value.length;
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
