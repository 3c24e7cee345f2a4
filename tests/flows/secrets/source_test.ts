import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { sourceOfValue } from "../../../lib/flows/secrets/source.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const store = (path: string, more: Record<string, unknown> = {}) => ({
  scope: "namespace" as const,
  namespace: "shop",
  vault: {
    server: "https://vault.example.org:8200",
    path,
    version: "v2" as "v1" | "v2",
    authMountPath: "kubernetes",
    role: "web",
    ...more,
  },
});

const platform = samplePlatform({
  vaults: { vault: { outside: { address: "https://vault.example.org:8200" } } },
  secretStores: {
    vault: store("secret"),
    old: store("kv", { version: "v1" }),
    elsewhere: store("secret", { server: "https://other.example.org:8200" }),
    cloud: {
      scope: "namespace",
      namespace: "shop",
      aws: { region: "eu-central-1", service: "SecretsManager", role: "r", serviceAccount: "s" },
    },
  },
  externalSecrets: {
    database: {
      namespace: "shop",
      refreshInterval: "1h",
      store: "vault",
      from: "shop/database",
      keys: ["PGUSER", "PGPASSWORD"],
    },
    reports: {
      namespace: "shop",
      refreshInterval: "1h",
      store: "vault",
      keysFrom: { PASSWORD: { path: "shop/database", property: "PGPASSWORD" } },
    },
    whole: {
      namespace: "shop",
      refreshInterval: "1h",
      store: "vault",
      keysFrom: { JSON: { path: "shop/database" } },
    },
    registry: {
      namespace: "shop",
      refreshInterval: "1h",
      store: "vault",
      from: "shop/ghcr",
      pullSecret: { registry: "ghcr.io", usernameKey: "user", passwordKey: "token" },
    },
    legacy: { namespace: "shop", refreshInterval: "1h", store: "old", from: "shop", keys: ["A"] },
    foreign: {
      namespace: "shop",
      refreshInterval: "1h",
      store: "elsewhere",
      from: "shop",
      keys: ["A"],
    },
    aws: { namespace: "shop", refreshInterval: "1h", store: "cloud", from: "shop", keys: ["A"] },
  },
});

Deno.test("sourceOfValue() names the place in Vault, and all who deliver the value", () => {
  const wanted = {
    vault: "vault",
    place: { mount: "secret", path: "shop/database" },
    property: "PGPASSWORD",
    readers: [
      { namespace: "shop", name: "database", key: "PGPASSWORD" },
      { namespace: "shop", name: "reports", key: "PASSWORD" },
    ],
  };
  assert.deepEqual(sourceOfValue(platform, "database", "PGPASSWORD"), wanted);
  assert.deepEqual(sourceOfValue(platform, "reports", "PASSWORD"), wanted);
});

Deno.test("the value of a pull secret is a part of its text", () => {
  assert.deepEqual(sourceOfValue(platform, "registry", "token").readers, [
    { namespace: "shop", name: "registry" },
  ]);
});

Deno.test("what cannot be rotated is refused, with what can be done instead", () => {
  for (
    const [name, key, because, remedy] of [
      ["databse", "PGPASSWORD", /no external secret "databse"/, /did you mean database\?/],
      ["database", "PGPASWORD", /no key "PGPASWORD"/, /did you mean PGPASSWORD\?/],
      ["aws", "A", /its store cloud reads from no Vault/, /sync-secrets/],
      ["foreign", "A", /other\.example\.org:8200 is none of the platform's vaults/, /sync-secrets/],
      ["legacy", "A", /keeps no versions \(KV v1\)/, /sync-secrets/],
      ["whole", "JSON", /it is the whole of shop\/database/, /sync-secrets/],
    ] as const
  ) {
    assert.throws(() => sourceOfValue(platform, name, key), (error: unknown) => {
      assert(error instanceof UsageError);
      assert.match(error.message, because);
      assert.match(error.remedy ?? "", remedy);
      return true;
    });
  }
});
