import { SlipwayError } from "../core/errors.ts";
import { programFailure } from "./program_failure.ts";
import { connectionString, type PostgresPrograms } from "./programs.ts";

/** What is read of a server's globals. */
export interface GlobalsOptions {
  /** A database to log in to. */
  database: string;
  /** Whether the verifiers of passwords are in it, which only superusers can read. */
  passwords: boolean;
  /** Ends it. */
  signal: AbortSignal;
}

/** What pg_dumpall writes at its end. Source: PostgreSQL, pg_dumpall.c. */
const end = /^-- PostgreSQL database cluster dump complete$/m;

/**
 * Roles and tablespaces of a server, as SQL.
 *
 * @throws {SlipwayError} when pg_dumpall fails, or does not come to its end
 */
export async function dumpGlobals(
  programs: PostgresPrograms,
  { database, passwords, signal }: GlobalsOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const tried = `read roles and tablespaces of ${programs.name}`;
  try {
    const { stdout } = await programs.start("pg_dumpall", {
      args: [
        "--globals-only",
        ...passwords ? [] : ["--no-role-passwords"],
        // It would try "postgres" and "template1"; what --dbname says of the database it skips.
        `--database=${connectionString(database)}`,
        ...programs.connect(database),
      ],
      signal,
    });
    const bytes = await new Response(stdout).bytes();
    if (end.test(new TextDecoder().decode(bytes))) return bytes;
  } catch (error) {
    signal.throwIfAborted();
    throw programFailure(tried, error);
  }
  throw new SlipwayError(`Cannot ${tried}: pg_dumpall ended well, but did not come to its end`);
}
