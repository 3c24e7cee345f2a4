import { deepEqual, equal } from "node:assert/strict";
import { isAboutRoles, looseCreate, readDatabaseSql } from "../../lib/postgres/database_sql.ts";

const script = `
CREATE DATABASE "we ird" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'de_DE.UTF-8' ICU_LOCALE = 'de' TABLESPACE = fast;
ALTER DATABASE "we ird" OWNER TO "we ird";
\\connect "we ird"
SET statement_timeout = 0;
COMMENT ON DATABASE "we ird" IS 'ALTER DATABASE "we ird"; no';
ALTER DATABASE "we ird" CONNECTION LIMIT = 7;
ALTER DATABASE "we ird" SET work_mem TO '8MB';
ALTER DATABASE "we ird" SET default_transaction_read_only TO 'on';
ALTER ROLE "DATABASE" IN DATABASE "we ird" SET x TO 'IN DATABASE y';
REVOKE CONNECT,TEMPORARY ON DATABASE "we ird" FROM PUBLIC;
GRANT CONNECT ON DATABASE "we ird" TO o;
SECURITY LABEL FOR x ON DATABASE "we ird" IS 'y';
`;

Deno.test("readDatabaseSql() has all that is about the database say another name", () => {
  deepEqual(readDatabaseSql(script, `new "one"`), {
    create:
      `CREATE DATABASE "new ""one""" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'de_DE.UTF-8' ICU_LOCALE = 'de' TABLESPACE = fast`,
    properties: [
      `ALTER DATABASE "new ""one""" OWNER TO "we ird"`,
      `ALTER DATABASE "new ""one""" SET work_mem TO '8MB'`,
      `ALTER ROLE "DATABASE" IN DATABASE "new ""one""" SET x TO 'IN DATABASE y'`,
      `REVOKE CONNECT,TEMPORARY ON DATABASE "new ""one""" FROM PUBLIC`,
      `GRANT CONNECT ON DATABASE "new ""one""" TO o`,
      `SECURITY LABEL FOR x ON DATABASE "new ""one""" IS 'y'`,
    ],
    last: [
      `ALTER DATABASE "new ""one""" CONNECTION LIMIT = 7`,
      `ALTER DATABASE "new ""one""" SET default_transaction_read_only TO 'on'`,
    ],
    comment: `COMMENT ON DATABASE "new ""one""" IS 'ALTER DATABASE "we ird"; no'`,
  });
  equal(readDatabaseSql("SELECT 1;", "x"), undefined);
});

Deno.test("isAboutRoles() finds owners and rights, and no settings", () => {
  const { properties, last } = readDatabaseSql(script, "x")!;
  deepEqual([...properties, ...last].filter((each) => !isAboutRoles(each)), [
    `ALTER DATABASE "x" SET work_mem TO '8MB'`,
    `SECURITY LABEL FOR x ON DATABASE "x" IS 'y'`,
    `ALTER DATABASE "x" CONNECTION LIMIT = 7`,
    `ALTER DATABASE "x" SET default_transaction_read_only TO 'on'`,
  ]);
});

Deno.test("looseCreate() leaves out what ties a database to its server", () => {
  const { create } = readDatabaseSql(script, "x")!;
  equal(
    looseCreate(create, {}),
    `CREATE DATABASE "x" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'de_DE.UTF-8' ICU_LOCALE = 'de'`,
  );
  equal(looseCreate(create, { tablespace: true }), create);
  equal(
    looseCreate(create, { locale: "C" }),
    `CREATE DATABASE "x" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE = 'C'`,
  );
});
