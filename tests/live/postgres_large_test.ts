import { deepEqual, equal } from "node:assert/strict";
import { withRestoreGround } from "../e2e/postgres_restore_ground.ts";

Deno.test("10,000 tables come back, each with its rows", async () => {
  await withRestoreGround(async ({ origin, other, sql, backUp, restore, dump }) => {
    await sql(origin, "postgres", "CREATE DATABASE many");
    await sql(
      origin,
      "many",
      `DO $$ BEGIN FOR n IN 1..10000 LOOP
        EXECUTE format('CREATE TABLE t%s AS SELECT %s AS id', n, n);
        IF n % 1000 = 0 THEN COMMIT; END IF;
      END LOOP; END $$`,
    );
    await backUp("many");
    await restore({ database: "many", to: "many" }, other);
    deepEqual(await dump(other, "many"), await dump(origin, "many"));
  });
});

Deno.test("a row of 200 MB comes back", async () => {
  await withRestoreGround(async ({ origin, other, sql, backUp, restore }) => {
    await sql(origin, "postgres", "CREATE DATABASE wide");
    await sql(
      origin,
      "wide",
      `CREATE TABLE wide (value bytea COMPRESSION lz4);
      INSERT INTO wide SELECT convert_to(repeat('slipway ', 25 * 1024 * 1024), 'UTF8')`,
    );
    await backUp("wide");
    await restore({ database: "wide", to: "wide" }, other);
    const all = "SELECT octet_length(value) AS size, md5(value) AS sum FROM wide";
    const found = await sql(other, "wide", all);
    deepEqual(found, await sql(origin, "wide", all));
    equal(found[0]!["size"], String(200 * 1024 * 1024));
  });
});
