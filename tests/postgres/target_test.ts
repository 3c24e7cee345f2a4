import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { nameOfTarget, parseDatabaseUrl } from "../../lib/postgres/target.ts";

Deno.test("the URL of a database says who, where, and how the connection is protected", () => {
  const { target, files } = parseDatabaseUrl(
    "postgresql://app%40shop@db.example.org:6432/shop%20one?sslmode=verify-ca&sslrootcert=ca.pem&sslservername=postgres",
  );
  assert.deepEqual(target, {
    host: "db.example.org",
    port: 6432,
    database: "shop one",
    user: "app@shop",
    tls: { mode: "verify-ca", serverName: "postgres" },
  });
  assert.deepEqual(files, { sslrootcert: "ca.pem" });
  assert.equal(nameOfTarget(target), "shop one at db.example.org:6432");
});

Deno.test("without sslmode certificates are verified, except on loopback", () => {
  const modeOf = (url: string) => parseDatabaseUrl(url).target.tls.mode;
  assert.equal(modeOf("postgres://db.example.org/shop"), "verify-full");
  assert.equal(modeOf("postgres://10.10.85.1/shop"), "verify-full");
  for (const host of ["localhost", "127.0.0.1", "127.9.8.7", "[::1]"]) {
    assert.equal(modeOf(`postgres://${host}/shop`), "disable", host);
  }
});

Deno.test("an address of IPv6 is kept without its brackets, and port and database have defaults", () => {
  const { target } = parseDatabaseUrl("postgres://[2001:db8::7]");
  assert.equal(target.host, "2001:db8::7");
  assert.equal(nameOfTarget(target), "postgres at [2001:db8::7]:5432");
});

Deno.test("a host that is a folder is that of the server's socket", () => {
  const { target } = parseDatabaseUrl("postgresql://a@%2Fvar%2Frun%2Fpostgresql:5433/shop");
  assert.deepEqual([target.host, target.port, target.tls.mode], [
    "/var/run/postgresql",
    5433,
    "disable",
  ]);
});

Deno.test("a password in the URL is refused, and not repeated", () => {
  assert.throws(
    () => parseDatabaseUrl("postgres://app:hunter22@db.example.org/shop"),
    (error: unknown) =>
      error instanceof UsageError && !error.message.includes("hunter22") &&
      /password/.test(error.message),
  );
});

Deno.test("what is no URL of a database is refused", () => {
  for (
    const [text, because] of [
      ["db.example.org:5432", /it is none/],
      ["https://db.example.org/shop", /it is none/],
      ["postgres:///shop", /it is none/],
      ["postgres://db/shop?sslmode=prefer", /sslmode is prefer, wanted disable, require/],
      ["postgres://db/shop?options=-c", /it has the parameter options/],
    ] as const
  ) {
    assert.throws(() => parseDatabaseUrl(text), because, text);
  }
});
