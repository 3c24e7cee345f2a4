import { equal } from "node:assert/strict";
import { passwordInFile } from "../../lib/postgres/passfile.ts";

const login = { host: "db.example.org", port: 5432, database: "shop", user: "backup" };

Deno.test("passwordInFile() takes the first line that fits, and a star fits all", () => {
  const text = [
    "# host:port:database:user:password",
    "other:5432:shop:backup:no",
    "db.example.org:5433:*:*:no",
    "*:*:shop:backup:first",
    "db.example.org:5432:shop:backup:second",
  ].join("\n");
  equal(passwordInFile(text, login), "first");
  equal(passwordInFile(text, { ...login, user: "else" }), undefined);
});

Deno.test("passwordInFile() takes colons and backslashes as they are meant", () => {
  const text = "db.example.org:5432:a\\:b:c\\\\d:p:a\\:s\\\\s\r\n";
  equal(passwordInFile(text, { ...login, database: "a:b", user: "c\\d" }), "p:a:s\\s");
});

Deno.test("passwordInFile() knows the server behind a socket as localhost", () => {
  equal(passwordInFile("localhost:*:*:*:x", { ...login, host: "/var/run/postgresql" }), "x");
});
