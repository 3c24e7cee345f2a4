import assert from "node:assert/strict";
import type { Platform, VaultAgent, VaultConfiguration } from "../../lib/platform/types.ts";
import { allows } from "../../lib/platform/vault_acl.ts";
import { readsOf } from "../../lib/platform/vault_agent_needs.ts";
import { mountOf, vaultConfigurationOf } from "../../lib/platform/vault_configuration.ts";
import { samplePlatform, sampleWorkload } from "./sample_platform.ts";
import { sampleOutsideVault, sampleSeal, sampleVault } from "./sample_vault.ts";

const server = "http://vault.vault.svc:8200";

const store = (role: string, namespace = "shop") => ({
  scope: "namespace" as const,
  namespace,
  vault: { server, path: "secret", version: "v2" as const, authMountPath: "kubernetes", role },
});

const secret = (store: string, from: string, keys: string[], namespace = "shop") => ({
  namespace,
  store,
  from,
  refreshInterval: "1h",
  keys,
});

function platformWith(
  changes: Partial<Platform>,
  configuration?: VaultConfiguration,
): Platform {
  return samplePlatform({ vaults: { vault: sampleVault({ configuration }) }, ...changes });
}

const shop = {
  secretStores: { shop: store("shop") },
  externalSecrets: {
    database: secret("shop", "shop/database", ["PGUSER", "PGPASSWORD"]),
    api: secret("shop", "shop/api", ["KEY"]),
  },
};

Deno.test("vaultConfigurationOf() derives mount, login, role, narrowest policy and seeds of a store", () => {
  const { needs: _needs, because, ...found } = vaultConfigurationOf(platformWith(shop), "vault");
  assert.deepEqual(found, {
    mounts: { secret: { type: "kv-v2" } },
    policies: {
      "kubernetes-shop": {
        paths: { "secret/data/shop/api": ["read"], "secret/data/shop/database": ["read"] },
      },
    },
    auth: {
      kubernetes: {
        type: "kubernetes",
        kubernetesRoles: {
          shop: { serviceAccounts: ["shop/shop"], policies: ["kubernetes-shop"] },
        },
      },
    },
    audit: { file: { type: "file", path: "stdout" } },
    seeds: {
      "secret/shop/database": {
        PGUSER: { prompt: "PGUSER of secret/shop/database, for the Secret shop/database" },
        PGPASSWORD: { prompt: "PGPASSWORD of secret/shop/database, for the Secret shop/database" },
      },
      "secret/shop/api": { KEY: { prompt: "KEY of secret/shop/api, for the Secret shop/api" } },
    },
    readWhole: [],
  });
  assert.equal(because["policies/kubernetes-shop"], "secretStores.shop");
});

Deno.test("vaultConfigurationOf() leaves out stores of other Vaults", () => {
  const other = store("shop");
  const platform = platformWith({
    ...shop,
    secretStores: {
      shop: { ...other, vault: { ...other.vault, server: "https://vault.example.org" } },
    },
  });
  const { mounts, auth, seeds } = vaultConfigurationOf(platform, "vault");
  assert.deepEqual({ mounts, auth, seeds }, { mounts: {}, auth: {}, seeds: {} });
});

Deno.test("vaultConfigurationOf() lets what is declared win by name, and adds the rest", () => {
  const { mounts, policies, auth, seeds } = vaultConfigurationOf(
    platformWith(shop, {
      mounts: { secret: { type: "kv-v2", maxVersions: 3 } },
      policies: { "kubernetes-shop": { paths: { "secret/data/shop/*": ["read"] } } },
      auth: {
        kubernetes: {
          type: "kubernetes",
          kubernetesRoles: {
            people: { serviceAccounts: ["shop/people"], policies: ["default"] },
          },
        },
      },
      seeds: { "secret/shop/database": { PGPASSWORD: { generate: { length: 32 } } } },
    }),
    "vault",
  );
  assert.equal(mounts["secret"]!.maxVersions, 3);
  assert.deepEqual(policies, {
    "kubernetes-shop": { paths: { "secret/data/shop/*": ["read"] } },
  });
  assert.deepEqual(Object.keys(auth["kubernetes"]!.kubernetesRoles!), ["people", "shop"]);
  assert.deepEqual(seeds["secret/shop/database"]!["PGPASSWORD"], { generate: { length: 32 } });
  assert.ok(seeds["secret/shop/database"]!["PGUSER"]!.prompt);
});

Deno.test("vaultConfigurationOf() makes no policy for a role that is declared with others", () => {
  const { policies } = vaultConfigurationOf(
    platformWith(shop, {
      policies: { all: { paths: { "secret/data/*": ["read"] } } },
      auth: {
        kubernetes: {
          type: "kubernetes",
          kubernetesRoles: { shop: { serviceAccounts: ["shop/shop"], policies: ["all"] } },
        },
      },
    }),
    "vault",
  );
  assert.deepEqual(Object.keys(policies), ["all"]);
});

Deno.test("vaultConfigurationOf() gives two stores of one role what each of them reads", () => {
  const { policies, auth } = vaultConfigurationOf(
    platformWith({
      secretStores: { a: store("shared"), b: store("shared") },
      externalSecrets: {
        one: secret("a", "shop/one", ["KEY"]),
        two: secret("b", "shop/two", ["KEY"]),
      },
    }),
    "vault",
  );
  assert.deepEqual(Object.keys(policies["kubernetes-shared"]!.paths), [
    "secret/data/shop/one",
    "secret/data/shop/two",
  ]);
  assert.deepEqual(auth["kubernetes"]!.kubernetesRoles!["shared"]!.serviceAccounts, [
    "shop/a",
    "shop/b",
  ]);
});

Deno.test("vaultConfigurationOf() lets cert-manager sign with tokens of the issuer's own audience", () => {
  const vault = { server, path: "pki/sign/shop", authMountPath: "kubernetes", role: "certs" };
  const { policies, auth } = vaultConfigurationOf(
    platformWith({ issuers: { inside: { namespace: "shop", vault } } }),
    "vault",
  );
  assert.deepEqual(policies["kubernetes-certs"], { paths: { "pki/sign/shop": ["update"] } });
  assert.deepEqual(auth["kubernetes"]!.kubernetesRoles!["certs"], {
    serviceAccounts: ["shop/inside"],
    audience: "vault://shop/inside",
    policies: ["kubernetes-certs"],
  });
});

const agent = (auth: VaultAgent["auth"], files: VaultAgent["files"]): VaultAgent => ({
  auth,
  address: server,
  files,
});

Deno.test("vaultConfigurationOf() makes the AppRole of an agent, and puts its ids where its Secret is read", () => {
  const { auth, policies, seeds } = vaultConfigurationOf(
    platformWith({
      ...shop,
      externalSecrets: { ids: secret("shop", "shop/ids", ["role-id", "secret-id"]) },
      workloads: {
        web: sampleWorkload({
          vaultAgent: agent({ approle: { secret: "ids" } }, {
            "tls.crt": {
              path: "pki/issue/web",
              template:
                '{{ with secret "pki/issue/web" "common_name=web" }}{{ .Data.certificate }}{{ end }}',
            },
            database: { path: "secret/shop/database" },
          }),
        }),
      },
    }),
    "vault",
  );
  assert.deepEqual(auth["approle"], {
    type: "approle",
    appRoles: { web: { policies: ["approle-web"] } },
  });
  assert.deepEqual(policies["approle-web"], {
    paths: { "pki/issue/web": ["update"], "secret/data/shop/database": ["read"] },
  });
  assert.deepEqual(seeds["secret/shop/ids"], {
    "role-id": { roleIdOf: "approle/web" },
    "secret-id": { secretIdOf: "approle/web" },
  });
});

Deno.test("vaultConfigurationOf() takes an AppRole's name from the seed that says it", () => {
  const { auth } = vaultConfigurationOf(
    platformWith({
      ...shop,
      externalSecrets: { ids: secret("shop", "shop/ids", ["role-id", "secret-id"]) },
      workloads: {
        web: sampleWorkload({ vaultAgent: agent({ approle: { secret: "ids" } }, {}) }),
      },
    }, { seeds: { "secret/shop/ids": { "role-id": { roleIdOf: "approle/shop-web" } } } }),
    "vault",
  );
  assert.deepEqual(Object.keys(auth["approle"]!.appRoles!), ["shop-web"]);
});

Deno.test("vaultConfigurationOf() tells secrets of which nobody says what keys they have", () => {
  const { readWhole } = vaultConfigurationOf(
    platformWith({
      ...shop,
      workloads: {
        web: sampleWorkload({
          vaultAgent: agent({ kubernetes: { role: "web" } }, {
            keys: { path: "secret/data/shop/keys" },
            api: { path: "secret/data/shop/api" },
          }),
        }),
      },
    }),
    "vault",
  );
  assert.deepEqual(readWhole.map(({ path, by }) => [path, by]), [
    ["secret/shop/keys", "workloads.web.vaultAgent"],
  ]);
});

Deno.test("vaultConfigurationOf() gives a Vault that unseals another one the key, and who may use it", () => {
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ seal: sampleSeal }), bootstrap: sampleOutsideVault() },
  });
  const { mounts, policies, auth } = vaultConfigurationOf(platform, "bootstrap");
  assert.deepEqual(mounts, { transit: { type: "transit", transitKeys: { autounseal: {} } } });
  assert.deepEqual(policies, {
    "token-unseal": {
      paths: {
        "transit/decrypt/autounseal": ["update"],
        "transit/encrypt/autounseal": ["update"],
      },
    },
  });
  assert.deepEqual(auth["token"]!.tokenRoles, {
    unseal: { policies: ["token-unseal"], period: "768h" },
  });
});

Deno.test("readsOf() reads what templates ask for, and how", () => {
  const files = {
    a: {
      path: "label",
      template: '{{ with secret "kv/data/a" }}{{ end }}{{ with secret "kv/data/b" }}{{ end }}',
    },
    b: { path: "label", template: '{{ with pkiCert "pki/issue/x" "common_name=x" }}{{ end }}' },
    c: { path: "pki/issue/y" },
    d: { path: "kv/data/d", template: "no call" },
  };
  assert.deepEqual(readsOf({ files }), [
    { path: "kv/data/a", writes: false },
    { path: "kv/data/b", writes: false },
    { path: "pki/issue/x", writes: true },
    { path: "pki/issue/y", writes: true },
    { path: "kv/data/d", writes: false },
  ]);
});

Deno.test("mountOf() finds the longest mount, whole part by whole part", () => {
  assert.equal(mountOf("pki/int/issue/x", ["pki", "pki/int", "pki/in"]), "pki/int");
  assert.equal(mountOf("secrets/x", ["secret"]), undefined);
});

Deno.test("allows() lets the most specific path decide, and deny go before all", () => {
  const policy = (paths: Record<string, ("read" | "list" | "deny")[]>) => ({ paths });
  assert.ok(allows([policy({ "secret/*": ["read"] })], "secret/data/a", "read"));
  assert.ok(!allows([policy({ "secret/*": ["read"] })], "secret/data/a", "list"));
  assert.ok(
    !allows(
      [policy({ "secret/*": ["read"], "secret/data/a": ["list"] })],
      "secret/data/a",
      "read",
    ),
  );
  assert.ok(
    !allows(
      [policy({ "secret/data/a": ["read"] }), policy({ "secret/data/a": ["deny"] })],
      "secret/data/a",
      "read",
    ),
  );
  assert.ok(allows([policy({ "secret/+/a": ["read"] })], "secret/data/a", "read"));
  assert.ok(!allows([policy({ "secret/+/a": ["read"] })], "secret/data/b/a", "read"));
  assert.ok(!allows([policy({ "secret/data/a": ["read"] })], "secret/data/ab", "read"));
});
