import assert from "node:assert/strict";
import { md5Verifier, scramVerifier } from "../../lib/postgres/verifier.ts";

Deno.test("scramVerifier() proves the server of RFC 7677's example to its client", async () => {
  const salt = Uint8Array.fromBase64("W22ZaJ0SNY7soEsUEjb6gQ==");
  const verifier = await scramVerifier("pencil", { salt });
  const serverKey = verifier.split(":").at(-1)!;
  const nonces = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonces},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,` +
    `c=biws,r=${nonces}`;
  const key = await crypto.subtle.importKey(
    "raw",
    Uint8Array.fromBase64(serverKey),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(message));
  assert.equal(
    new Uint8Array(signature).toBase64(),
    "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  );
});

Deno.test("scramVerifier() has the form that pg_authid has, and no password in it", async () => {
  const verifier = await scramVerifier("correct horse", {
    salt: new Uint8Array(16),
    iterations: 5000,
  });
  assert.match(
    verifier,
    /^SCRAM-SHA-256\$5000:AAAAAAAAAAAAAAAAAAAAAA==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/,
  );
});

Deno.test("md5Verifier() hashes the password with the role's name behind it", () => {
  // printf 'secretapp' | md5sum
  assert.equal(md5Verifier("secret", "app"), "md56a422f785c9e20873908ce25d1736ae2");
});
