import assert from "node:assert/strict";
import { sealedItemsAnnotation } from "../../lib/core/labels.ts";
import { newDigestKey, readDigestKey } from "../../lib/seal/digest.ts";
import { CannotUnseal, Malformed } from "../../lib/seal/errors.ts";
import { sealSecret } from "../../lib/seal/seal.ts";
import { sealedSecretOf } from "../../lib/seal/sealed_secret.ts";
import { secretOf } from "../../lib/seal/secret.ts";
import { secretDocument, unsealSecret } from "../../lib/seal/unseal.ts";
import { makePair } from "./sealing_pair.ts";

const pair = await makePair();
const place = "db.yaml";

const document = (value: Record<string, unknown>) => ({ value, place, document: 0, path: [] });

function secret(parts: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) {
  return secretOf(document({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "shop", ...metadata },
    ...parts,
  }));
}

const sealed = (given: ReturnType<typeof secret>, options = {}) =>
  sealSecret(given, pair.certificate, { place, ...options });

Deno.test("a sealed Secret opens to what it was, with labels, annotations, type and immutability", async () => {
  const original = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "db",
      namespace: "shop",
      labels: { app: "shop" },
      annotations: { team: "a" },
      finalizers: ["example.org/keep"],
    },
    type: "kubernetes.io/basic-auth",
    immutable: true,
    data: { username: btoa("ana"), password: "", binary: Uint8Array.of(0, 255, 10).toBase64() },
  };
  const result = await sealed(secretOf(document(original)));
  const opened = await unsealSecret(result, [pair.privateKey], place);
  assert.deepEqual(secretDocument(opened), original);
});

Deno.test("nothing in plain, and nothing of a server, gets into a sealed Secret", async () => {
  const result = await sealed(secret({ stringData: { password: "hunter2" } }, {
    uid: "1",
    resourceVersion: "2",
    creationTimestamp: "2026-01-01T00:00:00Z",
    ownerReferences: [{ kind: "X" }],
    managedFields: [{}],
    annotations: {
      "kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"password":"hunter2"}}',
    },
  }));
  const text = JSON.stringify(result);
  assert.ok(!text.includes("hunter2") && !text.includes(btoa("hunter2")), text);
  assert.deepEqual(result.spec.template, { metadata: { name: "db", namespace: "shop" } });
});

Deno.test("stringData wins over data, as the API server has it", async () => {
  const given = secret({ data: { a: btoa("old"), b: btoa("b") }, stringData: { a: "new" } });
  const opened = await unsealSecret(await sealed(given), [pair.privateKey], place);
  assert.deepEqual(
    [...opened.values].map(([key, plain]) => [key, new TextDecoder().decode(plain)]),
    [["a", "new"], ["b", "b"]],
  );
});

Deno.test("the scope comes from the option, else from the annotations, and stands on both objects", async () => {
  const wide = { annotations: { "sealedsecrets.bitnami.com/namespace-wide": "true", team: "a" } };
  const data = { stringData: { a: "b" } };
  const annotated = await sealed(secret(data, wide));
  assert.equal(
    annotated.metadata.annotations!["sealedsecrets.bitnami.com/namespace-wide"],
    "true",
  );
  const chosen = await sealed(secret(data, wide), { scope: "cluster-wide" });
  assert.deepEqual(chosen.spec.template!.metadata!["annotations"], {
    team: "a",
    "sealedsecrets.bitnami.com/cluster-wide": "true",
  });
  const moved = { ...annotated, metadata: { ...annotated.metadata, name: "other" } };
  await unsealSecret(moved, [pair.privateKey], place);
});

Deno.test("a strict one that was renamed or moved cannot be opened, and the message says of what name it is", async () => {
  const result = await sealed(secret({ stringData: { a: "b" } }));
  for (const change of [{ name: "other" }, { namespace: "other" }]) {
    const moved = { ...result, metadata: { ...result.metadata, ...change } };
    await assert.rejects(
      unsealSecret(moved, [pair.privateKey], place),
      (error) =>
        error instanceof CannotUnseal && /strict of .*other.*: a \(no key/.test(error.message),
    );
  }
});

Deno.test("with a digest key the ciphertext of a value that did not change stays, and of no other", async () => {
  const digestKey = await readDigestKey(newDigestKey(), "the test");
  const earlier = await sealed(secret({ stringData: { a: "1", b: "2" } }), { digestKey });
  const later = await sealed(secret({ stringData: { a: "1", b: "3" } }), { digestKey, earlier });
  assert.equal(later.spec.encryptedData["a"], earlier.spec.encryptedData["a"]);
  assert.notEqual(later.spec.encryptedData["b"], earlier.spec.encryptedData["b"]);
  const renamed = await sealed(secret({ stringData: { a: "1" } }, { name: "other" }), {
    digestKey,
    earlier,
  });
  assert.notEqual(renamed.spec.encryptedData["a"], earlier.spec.encryptedData["a"]);
  const recorded = later.metadata.annotations![sealedItemsAnnotation]!;
  assert.equal(recorded.match(new RegExp(pair.certificate.fingerprint, "g"))?.length, 2);
});

Deno.test("what no Secret can be is refused before it is sealed", async () => {
  const cases: [ReturnType<typeof secret>, RegExp][] = [
    [secret(), /neither data nor stringData/],
    [secret({ stringData: { "a b": "x" } }), /no Secret can have the key "a b"/],
    [secret({ stringData: { ["k".repeat(254)]: "x" } }), /no Secret can have the key/],
    [
      secret({ stringData: { a: "x".repeat(1024 * 1024 + 1) } }),
      /1048577 bytes, a Secret holds at most 1048576 \(1 MiB\)/,
    ],
    [secret({ stringData: { a: "x" } }, { name: "" }), /needs a name/],
    [secret({ stringData: { a: "x" } }, { namespace: null }), /needs a namespace/],
  ];
  for (const [given, message] of cases) await assert.rejects(sealed(given), message);
  assert.deepEqual((await sealed(secret(), { allowEmptyData: true })).spec.encryptedData, {});
  await assert.rejects(
    sealed(secret({ stringData: { a: "x" } }, { name: "" }), { scope: "cluster-wide" }),
    /no metadata\.name/,
  );
});

Deno.test("what is no Secret is refused, and a SealedSecret is told what is meant for it", () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ kind: "ConfigMap", apiVersion: "v1" }, /it is a ConfigMap of v1/],
    [{ a: 1 }, /it has no kind/],
    [{ kind: "SealedSecret", apiVersion: "bitnami.com/v1alpha1" }, /sealed already/],
    [{ kind: "Secret", apiVersion: "v1", data: { a: "hunter2!" } }, /data\.a is no base64/],
    [{ kind: "Secret", apiVersion: "v1", stringData: { a: 7 } }, /stringData\.a is a number/],
    [{ kind: "Secret", apiVersion: "v1", stringData: { a: null } }, /stringData\.a is nothing/],
    [{ kind: "Secret", apiVersion: "v1", data: [] }, /data is no object/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => secretOf(document(value)), (error) => {
      assert.ok(error instanceof Malformed);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("hunter2"));
      return true;
    });
  }
});

Deno.test("what is not laid out as a SealedSecret is refused", () => {
  const good = {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name: "db" },
    spec: { encryptedData: { a: "x" } },
  };
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ ...good, kind: "Secret" }, /it is a Secret, wanted a SealedSecret/],
    [{ ...good, metadata: {} }, /no metadata\.name/],
    [{ ...good, spec: undefined }, /no spec/],
    [{ ...good, spec: { data: "AgB" } }, /one blob in spec\.data/],
    [{ ...good, spec: { encryptedData: { a: 1 } } }, /encryptedData\.a is no text/],
    [{ ...good, spec: { encryptedData: ["a"] } }, /encryptedData is no object/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => sealedSecretOf(document(value)), message);
  }
  assert.deepEqual(sealedSecretOf(document(good)), good);
});
