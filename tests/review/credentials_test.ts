import assert from "node:assert/strict";
import fc from "fast-check";
import {
  credentialsIn,
  credentialsInArguments,
  credentialsInFile,
  credentialsInVariable,
} from "../../lib/review/credentials.ts";

Deno.test("credentials show by their form, whatever they are called", () => {
  const forms = {
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----",
    "an AWS access key": `AKIA${"A".repeat(16)}`,
    "a GitHub token": `ghp_${"a".repeat(36)}`,
    "a Slack token": "xoxb-0000000000-abcdef",
    "a Slack webhook": "https://hooks.slack.com/services/T000/B000/abcdef",
    "a Vault token": `hvs.${"a".repeat(24)}`,
    "a URL with a password": "amqp://user:hunter2@queue:5672",
  };
  for (const [what, text] of Object.entries(forms)) assert.deepEqual(credentialsIn(text), [what]);
});

Deno.test("a public key, a certificate and a URL without a password are none", () => {
  for (
    const text of [
      "-----BEGIN PUBLIC KEY-----",
      "-----BEGIN CERTIFICATE-----",
      "postgres://db:5432/shop",
      "postgres://shop@db/shop",
      "postgres://shop:$(PASSWORD)@db/shop",
      "https://example.org/a:b@c",
    ]
  ) assert.deepEqual(credentialsIn(text), [], text);
});

Deno.test("switches, numbers, paths and references are no secrets, whatever their name", () => {
  for (const value of ["", "true", "0", "/run/secrets/a", "file:/a", "$(A)", "${A}", "{{ .a }}"]) {
    assert.deepEqual(credentialsInVariable("DB_PASSWORD", value), [], value);
  }
  for (const name of ["PASSWORD_FILE", "SECRET_NAME", "TOKEN_TTL", "KEYCLOAK_URL", "PRIMARY_KEY"]) {
    assert.deepEqual(credentialsInVariable(name, "value"), [], name);
  }
});

Deno.test("names that end in what is secret make their values so", () => {
  for (const name of ["PGPASSWORD", "MYSQL_PWD", "API_KEY", "client_secret", "GITHUB_TOKEN"]) {
    assert.equal(credentialsInVariable(name, "value").length, 1, name);
  }
});

Deno.test("in files, keys that name Secrets are plain", () => {
  const file =
    "existingSecret: app\nsecret: app\nsecretName: app\npasswordKey: pw\nbearer_token_file: a\n";
  assert.deepEqual(credentialsInFile(file), []);
  assert.deepEqual(credentialsInFile('{"client_secret": "abc"}\n  "apiKey": "abc",'), [
    "a value of apiKey",
  ]);
});

Deno.test("what is told of a credential never holds the credential", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9]{12,40}$/), (secret) => {
    const told = [
      ...credentialsInVariable("DB_PASSWORD", secret),
      ...credentialsInArguments([`--password=${secret}`, "--token", secret]),
      ...credentialsInFile(`password: ${secret}`),
      ...credentialsIn(`redis://:${secret}@cache`),
    ];
    assert.ok(told.length > 0);
    assert.ok(told.every((text) => !text.includes(secret)));
  }));
});
