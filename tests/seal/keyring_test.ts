import assert from "node:assert/strict";
import { CannotUnseal, Malformed } from "../../lib/seal/errors.ts";
import { sealValue, unsealValue } from "../../lib/seal/format.ts";
import { byAge, controllerKeyOf, newestKey, openingKeyOf } from "../../lib/seal/keyring.ts";
import { keySecret, makeSealingKey, type NewKey } from "../../lib/seal/new_key.ts";

const now = Temporal.Now.instant();
const options = { namespace: "sealed-secrets", random: Math.random };
const [old, newer] = await Promise.all(
  [48, 2].map((hours) => makeSealingKey({ notBefore: now.subtract({ hours }), bits: 2048 })),
) as [NewKey, NewKey];

function documentOf(key: NewKey, change: { name?: string; label?: string } = {}) {
  const manifest = keySecret(key, options);
  const { name = manifest.metadata.name, label } = change;
  const labels = label === undefined
    ? manifest.metadata.labels
    : { "sealedsecrets.bitnami.com/sealed-secrets-key": label };
  return {
    value: { ...manifest, metadata: { ...manifest.metadata, name, labels } },
    place: `Secret sealed-secrets/${name}`,
    document: 0,
    path: [],
  };
}

Deno.test("a key that was made opens what its certificate has sealed, and nothing else", async () => {
  const key = await controllerKeyOf(documentOf(newer));
  const { privateKey } = await openingKeyOf(key, "a test");
  const sealed = await sealValue(new TextEncoder().encode("x"), key.certificate.publicKey, "a/b");
  assert.deepEqual(await unsealValue(sealed, [privateKey], "a/b"), new TextEncoder().encode("x"));
  await assert.rejects(unsealValue(sealed, [privateKey], "a/c"), CannotUnseal);
  const other = await openingKeyOf(await controllerKeyOf(documentOf(old)), "a test");
  await assert.rejects(unsealValue(sealed, [other.privateKey], "a/b"), CannotUnseal);
});

Deno.test("a key that was made has the Secret, the label and the validity that the controller's own has", async () => {
  const { metadata, type } = keySecret(newer, options);
  assert.match(metadata.name, /^sealed-secrets-key[a-z0-9]{5}$/);
  assert.deepEqual(metadata.labels, { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" });
  assert.equal(type, "kubernetes.io/tls");
  const { certificate, isActive } = await controllerKeyOf(documentOf(newer));
  assert.equal(isActive, true);
  assert.equal(certificate.keyBytes, 256);
  assert.equal(certificate.notAfter.since(certificate.notBefore).total("hours"), 3650 * 24);
});

Deno.test("the newest key is the one that the controller takes: active, or the legacy one, by NotBefore", async () => {
  const read = (key: NewKey, change: { name?: string; label?: string }) =>
    controllerKeyOf(documentOf(key, change));
  const legacy = await read(old, { name: "sealed-secrets-key", label: "" });
  const compromised = await read(newer, { label: "compromised" });
  assert.deepEqual([legacy.isActive, compromised.isActive], [true, false]);
  assert.deepEqual(byAge([legacy, compromised]).map(({ name }) => name), [
    compromised.name,
    legacy.name,
  ]);
  assert.equal(newestKey([compromised, legacy]), legacy);
  assert.equal(newestKey([compromised]), undefined);
});

Deno.test("a Secret that holds no key, or the certificate of another one, is refused without showing it", async () => {
  const document = documentOf(newer);
  const data = keySecret(newer, options)["data"] as Record<string, string>;
  const { "tls.crt": _certificate, ...others } = data;
  await assert.rejects(
    controllerKeyOf({ ...document, value: { ...document.value, data: others } }),
    Malformed,
  );
  const mixed = { ...data, "tls.crt": btoa(old.certificate) };
  const key = await controllerKeyOf({ ...document, value: { ...document.value, data: mixed } });
  await assert.rejects(openingKeyOf(key, "a test"), (error: unknown) => {
    assert.ok(error instanceof Malformed);
    assert.match(error.message, /its certificate is of another private key/);
    assert.ok(!error.message.includes("PRIVATE"));
    return true;
  });
});
