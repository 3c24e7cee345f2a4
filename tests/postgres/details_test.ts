import { deepEqual, throws } from "node:assert/strict";
import { type PostgresBackupDetails, readPostgresDetails } from "../../lib/postgres/details.ts";

const details: PostgresBackupDetails = {
  database: "shop",
  server: { version: "15.18", major: 15 },
  clientVersion: "15.18",
  via: "connection",
  encoding: "UTF8",
  collate: "C.UTF-8",
  ctype: "C.UTF-8",
  owner: "shopkeeper",
  sizeBytes: 7_000_000,
  extensions: [{ name: "plpgsql", version: "1.0", schema: "pg_catalog" }],
  tables: { 'public."Two words"': 3 },
  largeObjects: 0,
  snapshotAt: "2026-11-21T03:00:00.123Z",
  options: [],
  globals: { passwords: true },
};

Deno.test("readPostgresDetails() reads what a record has, and skips what later versions add", () => {
  const found = readPostgresDetails({ id: "x", details: { ...details, later: 1 } });
  deepEqual(found, details);
});

Deno.test("readPostgresDetails() refuses the record of something else, naming what is wrong", () => {
  const wrong = { ...details, tables: { "public.a": -1 } };
  throws(() => readPostgresDetails({ id: "x", details: wrong }), {
    message: /Cannot use the backup x: its record is none of a Postgres database: details.tables/,
  });
});
