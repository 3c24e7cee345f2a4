import { deepEqual } from "node:assert/strict";
import { missingRoles } from "../../lib/postgres/role_sql.ts";

const script = `
SET default_transaction_read_only = off;
CREATE ROLE app;
ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:x$y:z' VALID UNTIL '2099-01-01';
CREATE ROLE "Two ""words""";
ALTER ROLE "Two ""words""" WITH NOLOGIN;
COMMENT ON ROLE "Two ""words""" IS 'app; x';
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER;
ALTER ROLE app SET search_path TO 'x';
ALTER ROLE app IN DATABASE shop SET search_path TO 'y';
GRANT "Two ""words""" TO app WITH ADMIN OPTION GRANTED BY postgres;
GRANT "Two ""words""" TO postgres WITH INHERIT TRUE GRANTED BY gone;
GRANT pg_monitor TO postgres GRANTED BY postgres;
CREATE TABLESPACE fast OWNER postgres LOCATION '/fast';
`;

Deno.test("missingRoles() makes roles that lack with all that is theirs, and leaves others as they are", () => {
  deepEqual(missingRoles(script, { roles: new Set(["postgres", `Two "words"`]) }), {
    roles: ["app"],
    statements: [
      "CREATE ROLE app",
      "ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:x$y:z' VALID UNTIL '2099-01-01'",
      "ALTER ROLE app SET search_path TO 'x'",
      `GRANT "Two ""words""" TO app WITH ADMIN OPTION`,
    ],
    tablespaces: ["fast"],
  });
  deepEqual(missingRoles(script, { roles: new Set(["postgres", "app"]) }).statements, [
    `CREATE ROLE "Two ""words"""`,
    `ALTER ROLE "Two ""words""" WITH NOLOGIN`,
    `COMMENT ON ROLE "Two ""words""" IS 'app; x'`,
    `GRANT "Two ""words""" TO app WITH ADMIN OPTION`,
    `GRANT "Two ""words""" TO postgres WITH INHERIT TRUE`,
  ]);
});

Deno.test("missingRoles() leaves passwords out where they are not wanted", () => {
  const known = { roles: new Set(["postgres", `Two "words"`]) };
  deepEqual(
    missingRoles(script, known, { passwords: false }).statements[1],
    "ALTER ROLE app WITH NOSUPERUSER LOGIN VALID UNTIL '2099-01-01'",
  );
});
