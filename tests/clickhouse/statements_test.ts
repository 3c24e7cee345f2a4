import assert from "node:assert/strict";
import { backedUpTables, compareTables } from "../../lib/clickhouse/content.ts";
import { createClickHouse } from "../../lib/clickhouse/client.ts";
import { readProblem } from "../../lib/clickhouse/errors.ts";
import { backupStatement, restoreStatement } from "../../lib/clickhouse/statements.ts";
import { createRedactor } from "../../lib/core/redact.ts";

const destination = { url: "https://s3/b/x.zip", accessKeyId: "id", secretAccessKey: "k'ey\\" };

Deno.test("a backup is of one database into one archive, in the background, encrypted where it has a password", () => {
  assert.equal(
    backupStatement({ database: "shop", destination, id: "1", password: "p" }),
    "BACKUP DATABASE `shop` TO S3('https://s3/b/x.zip', 'id', 'k\\'ey\\\\') SETTINGS id = '1', compression_method = 'store', password = 'p' ASYNC",
  );
  assert.equal(
    backupStatement({
      database: "a`b\\c",
      destination: { collection: "co", path: "x.zip" },
      id: "1",
    }),
    "BACKUP DATABASE `a\\`b\\\\c` TO S3(`co`, 'x.zip') SETTINGS id = '1', compression_method = 'store' ASYNC",
  );
});

Deno.test("a restore renames only what gets another name", () => {
  const operation = { database: "shop", destination: { collection: "co", path: "x.zip" }, id: "1" };
  assert.equal(
    restoreStatement({ ...operation, as: "shop" }),
    "RESTORE DATABASE `shop` FROM S3(`co`, 'x.zip') SETTINGS id = '1' ASYNC",
  );
  assert.match(
    restoreStatement({ ...operation, as: "new" }),
    /^RESTORE DATABASE `shop` AS `new` FROM/,
  );
});

Deno.test("an error of ClickHouse is read by its words and its name", () => {
  assert.deepEqual(
    readProblem(
      "Code: 81. DB::Exception: Database x does not exist. (UNKNOWN_DATABASE) (version 24.8.4.13 (official build))",
    ),
    { words: "Database x does not exist", problem: "UNKNOWN_DATABASE" },
  );
  assert.deepEqual(readProblem("502 Bad Gateway"), { words: "502 Bad Gateway" });
});

Deno.test("rows that came or went during a backup leave a range, and tables that did are not expected", () => {
  assert.deepEqual(
    backedUpTables(
      {
        events: { engine: "MergeTree", rows: 10 },
        gone: { engine: "Log", rows: 1 },
        seen: { engine: "View" },
      },
      { events: { engine: "MergeTree", rows: 12 }, seen: { engine: "View" } },
    ),
    {
      events: { engine: "MergeTree", rows: { least: 10, most: 12 } },
      seen: { engine: "View" },
    },
  );
});

Deno.test("fewer rows than were backed up are wrong, unless merges drop some; more are remarkable", () => {
  const rows = { least: 10, most: 12 };
  const { wrong, remarkable } = compareTables({
    events: { engine: "MergeTree", rows: 9 },
    latest: { engine: "ReplacingMergeTree", rows: 9 },
    empty: { engine: "ReplacingMergeTree", rows: 0 },
    fed: { engine: "MergeTree", rows: 13 },
    same: { engine: "MergeTree", rows: 11 },
  }, {
    events: { engine: "MergeTree", rows },
    latest: { engine: "ReplacingMergeTree", rows },
    empty: { engine: "ReplacingMergeTree", rows },
    fed: { engine: "MergeTree", rows },
    same: { engine: "MergeTree", rows },
    lost: { engine: "View" },
  });
  assert.deepEqual(wrong, [
    "events has 9 rows, wanted 10 to 12",
    "empty has 0 rows, wanted 10 to 12",
    "lost is not there",
  ]);
  assert.deepEqual(remarkable.map((words) => words.split(" ")[0]), ["latest", "fed"]);
});

Deno.test("a URL with credentials, or of the other protocol, is refused without showing it", () => {
  const open = (url: string) => createClickHouse({ url }, { redactor: createRedactor() });
  assert.throws(
    () => open("http://u:hidden@db:8123"),
    (error: Error) => !/hidden/.test(error.message),
  );
  assert.throws(() => open("clickhouse://db:9000"), { message: /none of HTTP/ });
});
