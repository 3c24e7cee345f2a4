import { type DebianProgram, findDebianProgram, initdb } from "../e2e/debian_program.ts";
import type { BackupGround } from "./backup_ground.ts";
import { timed } from "./timed.ts";

/** A database that is backed up. */
export interface BenchDatabase {
  /** Its name. */
  name: string;
  /** What figures call it. */
  label: string;
  /** How many runs are enough, where each takes long. */
  mostRuns?: number;
  /** Whether restores of it are measured, too. @default true */
  restored?: boolean;
  /** Make it. */
  make(ground: BackupGround): Promise<void>;
}

/** PostgreSQL's own maker of data and of load, in the same package as its server. */
const pgbench: DebianProgram = { ...initdb, name: "pgbench" };

/** About what one row of {@linkcode eventsDatabase} takes in a dump, in bytes. */
const eventBytes = 2_300;

/** What pgbench makes: short rows, most of them blanks, so that nearly all of the time goes by before the compression. */
export function pgbenchDatabase(
  scale: number,
  options: Pick<BenchDatabase, "mostRuns" | "restored"> = {},
): BenchDatabase {
  return {
    name: "pgbench",
    label: `pgbench at scale ${scale}`,
    ...options,
    async make({ sql, env, signal }) {
      await sql("postgres", "CREATE DATABASE pgbench");
      const { path, env: own } = await findDebianProgram(pgbench);
      const command = [path, "--initialize", "--quiet", `--scale=${scale}`, "pgbench"];
      await timed({ command, env: { ...env, ...own } }, signal);
    },
  };
}

/**
 * Rows as applications keep them, some text and some bytes that no compression makes smaller; what is stored is half of
 * what is dumped.
 */
export function eventsDatabase(label: string, bytes: number): BenchDatabase {
  return {
    name: "events",
    label,
    mostRuns: 3,
    async make({ sql }) {
      await sql("postgres", "CREATE DATABASE events");
      // Made in the same transaction as it is filled, the table needs no write-ahead log. What comes again is further
      // away than any of the compressors looks back, as long as the rows are in the order of their numbers, which only
      // one way to join them gives.
      await sql(
        "events",
        `
        CREATE TEMPORARY TABLE seed AS
          SELECT n,
            format('{"customer":"%s","path":"/orders/%s/items/%s","agent":"Mozilla/5.0 (X11; Linux x86_64)"}',
              md5(n::text), n * 7, n % 13) AS body,
            (SELECT string_agg(sha512((n || ':' || k)::bytea), ''::bytea)
              FROM generate_series(1, 16) k) AS payload
          FROM generate_series(0, 9999) n;
        ALTER TABLE seed ADD PRIMARY KEY (n);
        SET LOCAL enable_hashjoin = off;
        SET LOCAL enable_mergejoin = off;
        CREATE TABLE events (id bigint, at timestamptz, kind text, body text, payload bytea);
        INSERT INTO events
          SELECT id, timestamptz '2026-01-01 00:00:00Z' + id * interval '1 second',
            CASE id % 3 WHEN 0 THEN 'view' WHEN 1 THEN 'order' ELSE 'payment' END, body, payload
          FROM generate_series(1, ${Math.round(bytes / eventBytes)}) id
          JOIN seed ON n = id % 10000;
        `,
      );
    },
  };
}

/** Remove a database. */
export async function dropDatabase({ sql }: BackupGround, name: string): Promise<void> {
  await sql("postgres", `DROP DATABASE "${name}"`);
}
