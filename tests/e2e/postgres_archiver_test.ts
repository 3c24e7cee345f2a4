import assert from "node:assert/strict";
import { sleepFor } from "../../lib/core/retry.ts";
import { type ArchiverFacts, archiverVerdict, readArchiver } from "../../lib/postgres/archiver.ts";
import { connectSqlSession, type SqlSession } from "../../lib/postgres/sql_session.ts";
import { hostContext } from "../context.ts";
import { withPostgres } from "./postgres_process.ts";

/** What the archiver does is told some milliseconds later; nothing announces it. */
async function until(
  session: SqlSession,
  wanted: (facts: ArchiverFacts) => boolean,
): Promise<ArchiverFacts> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const facts = await readArchiver(session);
    if (wanted(facts)) return facts;
    assert.ok(Date.now() < deadline, JSON.stringify(facts));
    await sleepFor(30);
  }
}

Deno.test("what a real Postgres says of its archiver is judged as it is", async () => {
  const settings = {
    archive_mode: "on",
    archive_command: "false",
    archive_timeout: "60",
    wal_level: "replica",
  };
  await withPostgres(async ({ host, port, user, password }) => {
    const session = await connectSqlSession(
      { host, port, database: "postgres", tls: { mode: "disable" } },
      { user, password },
      hostContext(),
    );
    try {
      await session.query("CREATE TABLE a AS SELECT 1 AS b");
      await session.query("SELECT pg_switch_wal()");
      const failing = await until(session, ({ lastFailed }) => lastFailed !== undefined);
      const { state, because } = archiverVerdict(failing);
      assert.equal(state, "failing");
      assert.match(
        because,
        /^archiving 0{7}10{15}1 failed at .*, and nothing was archived yet, 1 file of WAL waits$/,
      );
      assert.equal(failing.timeoutSeconds, 60);

      await session.query("ALTER SYSTEM SET archive_command = 'true'");
      await session.query("SELECT pg_reload_conf()");
      const healed = await until(session, ({ waiting }) => waiting === 0);
      assert.equal(archiverVerdict(healed).state, "healthy");
      await until(session, ({ lastArchived }) => lastArchived !== undefined);
    } finally {
      await session.close();
    }
  }, { settings });
});
