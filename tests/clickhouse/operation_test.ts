import assert from "node:assert/strict";
import type { ClickHouse } from "../../lib/clickhouse/client.ts";
import { ClickHouseError } from "../../lib/clickhouse/errors.ts";
import { runOperation } from "../../lib/clickhouse/operation.ts";
import { Interrupted } from "../../lib/core/errors.ts";

/** A server of which each statement is answered by `answer`; what it was asked is kept. */
function serverThat(answer: (statement: string) => Promise<never>): ClickHouse & {
  asked: string[];
} {
  const asked: string[] = [];
  return {
    url: "http://clickhouse:8123",
    asked,
    query(statement) {
      asked.push(statement);
      return answer(statement);
    },
    close() {},
  };
}

const isKill = (statement: string) => statement.startsWith("KILL QUERY WHERE query_id = 'one'");

Deno.test("an interrupted operation fails as interrupted, also where the server says no more", async () => {
  const interruption = new AbortController();
  const server = serverThat((statement) => {
    interruption.abort(new Interrupted());
    return Promise.reject(isKill(statement) ? new TypeError("silent") : new Interrupted());
  });
  await assert.rejects(
    runOperation(server, "BACKUP", { id: "one", signal: interruption.signal }),
    Interrupted,
  );
  assert.ok(server.asked.some(isKill));
});

Deno.test("an operation whose start was not answered is ended, since it may run", async () => {
  const lost = new ClickHouseError("Cannot ask: the connection was cut", { retryable: true });
  const server = serverThat(() => Promise.reject(lost));
  const { signal } = new AbortController();
  await assert.rejects(runOperation(server, "RESTORE", { id: "one", signal }), lost);
  assert.ok(server.asked.some(isKill));
});

Deno.test("an operation that is refused has nothing to be ended", async () => {
  const refused = new ClickHouseError("Cannot ask: denied", { problem: "ACCESS_DENIED" });
  const server = serverThat(() => Promise.reject(refused));
  const { signal } = new AbortController();
  await assert.rejects(runOperation(server, "RESTORE", { id: "one", signal }), refused);
  assert.equal(server.asked.some(isKill), false);
});
