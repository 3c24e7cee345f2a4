import type { ByteStream } from "../../core/program.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { type PostgresBackupDetails, postgresSuffixes } from "../../postgres/details.ts";
import { dumpDatabase } from "../../postgres/dump.ts";
import { dumpGlobals } from "../../postgres/globals.ts";
import { countRows, takeSnapshot } from "../../postgres/snapshot.ts";
import type { TakeTools } from "../backup/item.ts";

/** Which database, and how it is stored. */
export interface TakeDatabase {
  /** Its name. */
  database: string;
  /** Whether it is encrypted: what is not has no verifiers of passwords in it. */
  encrypted: boolean;
  /** How long a lock that somebody else holds is waited for, in milliseconds. @default 60_000 */
  lockTimeoutMs?: number | undefined;
}

/**
 * Back up one database at one moment: roles and tablespaces, all that is in it, and how many rows each table has.
 *
 * @throws {SlipwayError} when any part of it fails; then there is no backup
 */
export async function takeDatabase(
  access: PostgresAccess,
  { database, encrypted, lockTimeoutMs = 60_000 }: TakeDatabase,
  { write, signal }: Pick<TakeTools, "write" | "signal">,
): Promise<PostgresBackupDetails> {
  const { server, programs, via } = access;
  const { standby } = server;
  const passwords = server.superuser && encrypted;
  // A standby has no contents of unlogged tables. Source: PostgreSQL, "Hot Standby".
  const options = standby ? ["--no-unlogged-table-data"] : [];
  const suffix = (name: string) => `${name}.zst${encrypted ? ".age" : ""}`;
  const session = await access.openSession(database);
  try {
    const snapshot = await takeSnapshot(session, { lockTimeoutMs, standby });
    // After the snapshot: roles that it names cannot be dropped since.
    const globals = await dumpGlobals(programs, { database, passwords, signal });
    await write(suffix(postgresSuffixes.globals), streamOf(globals), { compression: "zstd" });
    const tables = await both({
      signal,
      first: async (signal) => {
        const dump = await dumpDatabase(programs, {
          database,
          snapshot: snapshot.id,
          tables: snapshot.tables,
          ...{ lockTimeoutMs, options, signal },
        });
        await write(suffix(postgresSuffixes.dump), dump, { compression: "zstd" });
      },
      second: () => countRows(session, snapshot.tables),
      end: () => session.close(),
    });
    return {
      database,
      server: { version: server.version, major: server.major },
      clientVersion: programs.tools.version,
      via,
      ...snapshot.facts,
      tables,
      options,
      globals: { passwords },
    };
  } finally {
    await session.close();
  }
}

interface Both<T> {
  signal: AbortSignal;
  first: (signal: AbortSignal) => Promise<void>;
  second: () => Promise<T>;
  /** Ends the second, so that nobody waits for what is of no use any more. */
  end: () => Promise<void>;
}

/** Do two things at once. When one fails, the other one is ended, and the failure of the first that failed is thrown. */
async function both<T>({ signal, first, second, end }: Both<T>): Promise<T> {
  const failed = new AbortController();
  const failing = async (error: unknown) => {
    failed.abort(error);
    await end();
    throw error;
  };
  const [, result] = await Promise.allSettled([
    first(AbortSignal.any([signal, failed.signal])).catch(failing),
    second().catch(failing),
  ]);
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return (result as PromiseFulfilledResult<T>).value;
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ByteStream {
  return new Blob([bytes]).stream();
}
