import { deepEqual } from "node:assert/strict";
import { mapConcurrently } from "../../lib/core/concurrency.ts";
import { quotedName } from "../../lib/postgres/sql_session.ts";
import { hostileNames } from "./hostile_names.ts";
import { withRestoreGround } from "./postgres_restore_ground.ts";

Deno.test("databases of any name, an empty one and large objects come back as they were", async () => {
  await withRestoreGround(async ({ origin, other, sql, backUp, restore, dump, databases }) => {
    for (const name of hostileNames) {
      const quoted = quotedName(name);
      await sql(origin, "postgres", `CREATE DATABASE ${quoted}`);
      await sql(
        origin,
        name,
        `CREATE ROLE ${quoted};
        CREATE SCHEMA ${quoted} AUTHORIZATION ${quoted};
        CREATE TABLE ${quoted}.${quoted} (${quoted} int);
        INSERT INTO ${quoted}.${quoted} SELECT generate_series(1, 7);
        ALTER TABLE ${quoted}.${quoted} OWNER TO ${quoted};`,
      );
    }
    await sql(origin, "postgres", "CREATE DATABASE empty");
    await sql(origin, "postgres", "CREATE DATABASE large");
    await sql(
      origin,
      "large",
      "SELECT lo_from_bytea(0, decode(repeat('ab', 300000), 'hex')) FROM generate_series(1, 3)",
    );
    const names = [...hostileNames, "empty", "large"];
    await backUp(...names);
    // The first one makes the roles of all.
    const [first, ...rest] = names;
    await restore({ database: first!, to: first! }, other);
    await mapConcurrently(rest, 3, (name) => restore({ database: name, to: name }, other));
    for (const name of names) deepEqual(await dump(other, name), await dump(origin, name), name);
    deepEqual(await databases(other), await databases(origin));
  });
});
