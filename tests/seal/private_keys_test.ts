import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { Malformed } from "../../lib/seal/errors.ts";
import { sealValue, unsealValue } from "../../lib/seal/format.ts";
import { readPrivateKeys } from "../../lib/seal/private_keys.ts";
import { makePair } from "./sealing_pair.ts";

const first = await makePair();
const second = await makePair();

const secret = ({ cert, key }: typeof first) => ({
  apiVersion: "v1",
  kind: "Secret",
  type: "kubernetes.io/tls",
  metadata: { name: "sealed-secrets-key" },
  data: { "tls.crt": btoa(cert), "tls.key": btoa(key) },
});

Deno.test("a private key is read from PEM of both kinds, and is known by its certificate's key", async () => {
  const pkcs8 = createPrivateKey(first.key).export({ format: "pem", type: "pkcs8" }).toString();
  const sealed = await sealValue(Uint8Array.of(7), first.certificate.publicKey, "");
  for (const text of [first.key, pkcs8]) {
    const [key] = await readPrivateKeys(text, "key.pem");
    assert.equal(key!.keyFingerprint, first.certificate.keyFingerprint);
    assert.deepEqual(await unsealValue(sealed, [key!.privateKey], ""), Uint8Array.of(7));
  }
});

Deno.test("private keys are read from the controller's Secrets, alone, in a stream and in a list", async () => {
  const list = { apiVersion: "v1", kind: "List", items: [secret(first), secret(second)] };
  const stream = `${JSON.stringify(secret(first))}\n${JSON.stringify(secret(second))}`;
  const wanted = [first, second].map(({ certificate }) => certificate.keyFingerprint);
  for (const text of [JSON.stringify(list), stream, first.key + second.key]) {
    const keys = await readPrivateKeys(text, "keys.yaml");
    assert.deepEqual(keys.map(({ keyFingerprint }) => keyFingerprint), wanted);
  }
  assert.equal((await readPrivateKeys(JSON.stringify(secret(first)), "x")).length, 1);
});

Deno.test("what has no private key is refused, and none of it is shown", async () => {
  const encrypted =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAw\n-----END ENCRYPTED PRIVATE KEY-----";
  const { "tls.key": _key, ...rest } = secret(first).data;
  const cases: [string, RegExp][] = [
    [first.cert, /./],
    [JSON.stringify({ ...secret(first), data: rest }), /Cannot find a private key in key/],
    [encrypted, /it is ENCRYPTED PRIVATE KEY/],
    [
      first.key.replace(/\n(.{20})/, "\nAAAAAAAAAAAAAAAAAAAA"),
      /Cannot read the private key of key/,
    ],
    ["", /Cannot find a private key/],
  ];
  const body = first.key.split("\n")[3]!;
  for (const [text, message] of cases) {
    await assert.rejects(readPrivateKeys(text, "key"), (error) => {
      assert.ok(error instanceof Malformed);
      assert.match(error.message, message);
      assert.ok(!`${error.stack} ${error.cause}`.includes(body));
      return true;
    });
  }
});

Deno.test("the redactor is told of each key, and of nothing else", async () => {
  const learned: string[] = [];
  await readPrivateKeys(JSON.stringify(secret(first)), "x", (text) => learned.push(text));
  assert.deepEqual(learned, [first.key]);
});
