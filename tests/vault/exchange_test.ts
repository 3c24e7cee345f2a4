import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { httpExchange } from "../../lib/vault/exchange.ts";

Deno.test("httpExchange() refuses what is no address of a Vault, and shows no password in it", () => {
  for (const address of ["", "nonsense", "ftp://vault", "https://ana:s3cret@vault.example.org"]) {
    assert.throws(() => httpExchange(address), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, /it is no address$/);
      assert.match(error.remedy!, /https:\/\//);
      assert.ok(!error.message.includes("s3cret"));
      return true;
    });
  }
});

Deno.test("httpExchange() refuses an authority that has no certificate, such as a key", () => {
  for (const pem of ["", "\0\u0001nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n"]) {
    assert.throws(
      () => httpExchange("https://vault.example.org:8200", [pem]),
      /its authority is no certificate in PEM/,
    );
  }
});
