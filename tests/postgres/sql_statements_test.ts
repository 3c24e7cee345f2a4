import { deepEqual } from "node:assert/strict";
import { splitSql, sqlWords } from "../../lib/postgres/sql_statements.ts";

Deno.test("splitSql() ends statements only where Postgres does", () => {
  const script = `-- a comment; with 'quotes
\\restrict abc';
SET x = 'it''s; fine';
COMMENT ON DATABASE "a;b""c" IS E'one\\'; two';
CREATE FUNCTION f() AS $body$ SELECT '$$;'; $body$ LANGUAGE sql;
SELECT 'c:\\', $1, a$b;
\\connect -reuse-previous=on "dbname='x'"
SELECT 1`;
  deepEqual(splitSql(script), [
    "SET x = 'it''s; fine'",
    `COMMENT ON DATABASE "a;b""c" IS E'one\\'; two'`,
    "CREATE FUNCTION f() AS $body$ SELECT '$$;'; $body$ LANGUAGE sql",
    "SELECT 'c:\\', $1, a$b",
    "SELECT 1",
  ]);
});

Deno.test("sqlWords() tells quoted names from words that look alike", () => {
  const words = sqlWords(`GRANT "TO" TO größe;`).map(({ text, quoted }) => [text, quoted]);
  deepEqual(words, [["GRANT", false], ["TO", true], ["TO", false], ["größe", false], [";", false]]);
});
