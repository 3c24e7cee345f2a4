import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { externalSecretsCause } from "../../../lib/kube/diagnose/external_secrets.ts";
import { createFakeClient } from "../fake_client.ts";
import { sample } from "../sample_objects.ts";
import { startWait, textOf } from "../wait_harness.ts";

const externalSecret = sample("external-secrets.io/v1", "ExternalSecret");
const store = sample("external-secrets.io/v1", "SecretStore", { metadata: { name: "vault" } });

function failure(about: KubeObject, reason: string, message: string, second = 0): KubeObject {
  const { apiVersion, kind, metadata: { name, namespace } } = about;
  return sample("v1", "Event", {
    metadata: { name: `${name}.${kind}.${second}` },
    involvedObject: { apiVersion, kind, name, namespace },
    type: "Warning",
    reason,
    message,
    lastTimestamp: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
  });
}

const fetching = (words: string) =>
  failure(
    externalSecret,
    "UpdateFailed",
    `error processing spec.data[0] (key: shop/database), err: ${words}`,
  );
const loggingIn = (words: string) =>
  failure(
    store,
    "InvalidProviderConfig",
    `unable to log in to auth method: unable to log in with Kubernetes auth: ${words}`,
  );
const answer = (request: string, code: number, error: string) =>
  `Error making API request.\n\nURL: ${request}\nCode: ${code}. Errors:\n\n* ${error}`;
const login = "PUT http://vault:8200/v1/auth/kubernetes/login";

Deno.test("each failure of a store has its cause and its remedy", () => {
  for (
    const [words, because, remedy] of [
      [answer(login, 400, 'invalid role name "web"'), /^Vault has no role web$/, /configure-vault/],
      [
        answer(login, 403, "service account name not authorized"),
        /role is not for the service account/,
        /configure-vault/,
      ],
      [
        answer(login, 403, "namespace not authorized"),
        /role is not for the namespace/,
        /configure/,
      ],
      [
        answer(login, 403, "permission denied"),
        /nothing is enabled at auth\/kubernetes, or/,
        /configure-vault/,
      ],
      [answer(login, 503, "Vault is sealed"), /^Vault is sealed$/, /unseal-vault/],
      [
        'Put "http://vault.vault.svc:8200/v1/auth/kubernetes/login": dial tcp: lookup vault.vault.svc on 10.0.0.53:53: no such host',
        /^the name vault\.vault\.svc cannot be resolved$/,
        /store's address/,
      ],
      [
        'Put "http://127.0.0.1:1/v1/auth/kubernetes/login": dial tcp 127.0.0.1:1: connect: connection refused',
        /^the connection to 127\.0\.0\.1:1 is refused$/,
        /runs/,
      ],
      [
        'Put "https://vault:8200/v1/auth/kubernetes/login": tls: failed to verify certificate: x509: certificate signed by unknown authority',
        /does not trust the authority/,
        /`tls` of the vault/,
      ],
      [
        'Put "https://vault:8200/v1/auth/kubernetes/login": tls: failed to verify certificate: x509: certificate is valid for vault-0, localhost, not vault',
        /is for vault-0, localhost, not for vault$/,
        /certificate made/,
      ],
      [
        'Put "https://vault:8200/v1/auth/kubernetes/login": http: server gave HTTP response to HTTPS client',
        /plain HTTP/,
        /write http/,
      ],
    ] as const
  ) {
    const cause = externalSecretsCause(store, [loggingIn(words)]);
    assert.match(cause?.because ?? "", because);
    assert.match(cause?.remedy ?? "", remedy, words);
    assert.equal(cause?.permanent, false);
  }
});

Deno.test("each failure of a fetch has its cause and its remedy", () => {
  const read = "GET http://vault:8200/v1/secret/data/shop/database";
  for (
    const [words, because, remedy] of [
      ["Secret does not exist", /^there is nothing at shop\/database$/, /seeds/],
      [
        'cannot find secret data for key: "PGHOST"',
        /^shop\/database has no property PGHOST$/,
        /add the property/,
      ],
      [
        `cannot read secret data from Vault: ${
          answer(read, 403, "1 error occurred:\n\t* permission denied\n\n")
        }`,
        /does not let it read secret\/data\/shop\/database$/,
        /configure-vault/,
      ],
      [
        'could not get SecretStore "vault", SecretStore.external-secrets.io "vault" not found',
        /^SecretStore vault does not exist$/,
        /apply/,
      ],
      [
        'using cluster store "shared" is not allowed from namespace "shop": denied by spec.condition',
        /^ClusterSecretStore shared is not for namespace shop$/,
        /usableFrom/,
      ],
    ] as const
  ) {
    const cause = externalSecretsCause(externalSecret, [fetching(words)]);
    assert.match(cause?.because ?? "", because);
    assert.match(cause?.remedy ?? "", remedy, words);
  }
});

Deno.test("what is not recognised is told in the controller's words", () => {
  const cause = externalSecretsCause(externalSecret, [fetching("the moon\nis full")]);
  assert.equal(cause?.because, "shop/database: the moon is full");
  assert.equal(externalSecretsCause(externalSecret, []), undefined);
});

Deno.test("an ExternalSecret whose store is not ready tells the store's own cause", () => {
  const waiting = fetching('SecretStore "vault" is not ready');
  assert.equal(
    externalSecretsCause(externalSecret, [waiting])?.because,
    "SecretStore vault is not ready",
  );
  const cause = externalSecretsCause(externalSecret, [
    waiting,
    loggingIn(answer(login, 503, "Vault is sealed")),
  ]);
  assert.equal(cause?.because, "SecretStore vault cannot be used: Vault is sealed");
  assert.deepEqual(cause?.subject.kind, "ExternalSecret");
});

Deno.test("of several failures the newest counts", () => {
  const older = failure(store, "InvalidProviderConfig", "Vault is sealed", 1);
  const newer = failure(store, "ValidationFailed", 'invalid role name "web"', 2);
  assert.match(externalSecretsCause(store, [older, newer])?.because ?? "", /no role web/);
});

Deno.test("a wait names the key that a Secret lacks, and what keeps a store from being used", async () => {
  const synced = {
    ...externalSecret,
    spec: { data: [{ secretKey: "PGUSER" }, { secretKey: "PGPASSWORD" }] },
    status: {
      syncedResourceVersion: "1-a",
      conditions: [{ type: "Ready", status: "True", reason: "SecretSynced" }],
    },
  };
  const refused = {
    ...store,
    status: { conditions: [{ type: "Ready", status: "False", reason: "InvalidProviderConfig" }] },
  };
  const half = sample("v1", "Secret", { data: { PGUSER: "eA==" } });
  const sealed = loggingIn(answer(login, 503, "Vault is sealed"));
  const client = createFakeClient([synced, refused, half, sealed]);
  const wait = startWait(client, [synced, refused]);
  await wait.until(/lacks PGPASSWORD/);
  await wait.until(/SecretStore shop\/vault: .*Vault is sealed/);
  await wait.clock.asleep(30_000);
  wait.clock.advance(30_000);
  const result = await wait.result;
  assert.deepEqual(textOf(result), [
    "failed",
    "waiting ExternalSecret shop/web: its Secret web lacks PGPASSWORD",
    "failed SecretStore shop/vault: is not ready: InvalidProviderConfig: Vault is sealed",
  ]);
  assert.equal(result.objects[1]?.causes[0]?.remedy, "unseal it with `deno task unseal-vault`");
});
