import { z } from "zod";
import { SlipwayError } from "../core/errors.ts";

/** An extension that a database has. */
export interface PostgresExtension {
  /** Its name, such as `pg_trgm`. */
  name: string;
  /** Its version there. */
  version: string;
  /** Schema that its objects are in. */
  schema: string;
}

/** What the record of a database's backup knows besides what all records do. */
export interface PostgresBackupDetails {
  /** Name of the database. */
  database: string;
  /** The server that it was on. */
  server: PostgresServerVersion;
  /** Version of the pg_dump that read it, such as `15.18`. */
  clientVersion: string;
  /** How it was reached: over a connection, or by a program in the server's own pod. */
  via: "connection" | "exec";
  /** Name of its character encoding, such as `UTF8`. */
  encoding: string;
  /** Its LC_COLLATE. */
  collate: string;
  /** Its LC_CTYPE. */
  ctype: string;
  /** Who provides its locale, such as `libc` or `icu`; absent before PostgreSQL 15. */
  localeProvider?: string;
  /** Role that owns it. */
  owner: string;
  /** Its size on the server's disk, in bytes. */
  sizeBytes: number;
  /** Its extensions, by name. */
  extensions: PostgresExtension[];
  /** Rows of each table in the snapshot, by schema and table as `format('%I.%I')` writes them. */
  tables: Record<string, number>;
  /** How many large objects it has. */
  largeObjects: number;
  /** When the snapshot was taken by the server's clock, as RFC 3339 in UTC. */
  snapshotAt: string;
  /** Options of pg_dump that change what the dump has. */
  options: string[];
  /** What `globals.sql` has: roles and tablespaces, with the roles' password verifiers or without. */
  globals: { passwords: boolean };
}

/** Version of a server. */
export interface PostgresServerVersion {
  /** Its version, such as `15.18`. */
  version: string;
  /** Its major version, such as 15. */
  major: number;
}

/** Suffixes of a database's backup, before `.zst` and `.age` are added. */
export const postgresSuffixes = {
  /** What pg_dump wrote, in its custom format. */
  dump: "dump",
  /** Roles and tablespaces, as SQL. */
  globals: "globals.sql",
} as const;

const count = z.number().int().nonnegative();

const schema = z.object({
  database: z.string().min(1),
  server: z.object({ version: z.string(), major: count }),
  clientVersion: z.string(),
  via: z.enum(["connection", "exec"]),
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  localeProvider: z.string().optional(),
  owner: z.string(),
  sizeBytes: count,
  extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  tables: z.record(z.string(), count),
  largeObjects: count,
  snapshotAt: z.string(),
  options: z.array(z.string()),
  globals: z.object({ passwords: z.boolean() }),
});

/**
 * What the record of a database's backup knows of it.
 *
 * @throws {SlipwayError} when it is the record of something else
 */
export function readPostgresDetails(
  { id, details }: { id: string; details: Record<string, unknown> },
): PostgresBackupDetails {
  const { success, data, error } = schema.safeParse(details);
  if (success) return data;
  const [issue] = error.issues;
  throw new SlipwayError(
    `Cannot use the backup ${id}: its record is none of a Postgres database: ${
      ["details", ...issue?.path ?? []].join(".")
    }: ${issue?.message}`,
    { remedy: "use another backup" },
  );
}
