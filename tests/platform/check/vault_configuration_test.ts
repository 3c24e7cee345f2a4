import assert from "node:assert/strict";
import { checkVaultConfigurations } from "../../../lib/platform/check/vault_configuration.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Platform, VaultConfiguration } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";
import { sampleVault } from "../sample_vault.ts";

const server = "http://vault.vault.svc:8200";

/** The mistakes of a Vault's configuration, without the part of their paths that all of them have. */
function mistakesOf(
  configuration: VaultConfiguration | undefined,
  changes: Partial<Platform> = {},
): string[] {
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ configuration }) },
    ...changes,
  });
  return checkVaultConfigurations(platform).map(({ path, message }) =>
    `${pathText(path).replace(/^vaults\.vault\.configuration\./, "")}: ${message}`
  );
}

const kv = { secret: { type: "kv-v2" as const } };

Deno.test("checkVaultConfigurations() finds nothing in one whose parts fit", () => {
  assert.deepEqual(
    mistakesOf({
      mounts: {
        ...kv,
        pki: { type: "pki", authority: { commonName: "Root", ttl: "87600h" } },
        int: {
          type: "pki",
          authority: {
            commonName: "Int",
            ttl: "720h",
            signedBy: "pki",
            keyType: "rsa",
            keyBits: 2048,
          },
          pkiRoles: { web: { allowedDomains: ["web"], maxTtl: "72h" } },
        },
      },
      policies: { web: { paths: { "secret/data/shop/*": ["read"], "sys/health": ["read"] } } },
      auth: {
        kubernetes: {
          type: "kubernetes",
          kubernetesRoles: { web: { serviceAccounts: ["shop/web"], policies: ["web", "default"] } },
        },
        approle: { type: "approle", appRoles: { web: { policies: ["web"] } } },
        token: { type: "token", tokenRoles: { web: { policies: ["web"], period: "24h" } } },
      },
      seeds: {
        "secret/shop/a": {
          a: { roleIdOf: "approle/web" },
          b: { secretIdOf: "approle/web" },
          c: { tokenOf: "web" },
        },
      },
    }, { workloads: { web: sampleWorkload() } }),
    [],
  );
});

Deno.test("checkVaultConfigurations() refuses engines in each other, and in Vault's own place", () => {
  assert.deepEqual(
    mistakesOf({ mounts: { ...kv, "secret/shop": { type: "kv-v2" }, "sys/x": { type: "kv-v2" } } }),
    [
      'mounts["secret/shop"]: stands inside the engine secret, expected another path',
      'mounts["sys/x"]: sys is Vault\'s own, expected another path',
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses fields of engines and methods of other types", () => {
  assert.deepEqual(
    mistakesOf({
      mounts: { secret: { type: "kv-v2", transitKeys: {}, maxLeaseTtl: "1h" } },
      auth: { approle: { type: "approle", kubernetesRoles: {} }, other: { type: "token" } },
    }),
    [
      "mounts.secret.transitKeys: expected only with type: transit",
      "mounts.secret.maxLeaseTtl: expected only with type: pki or database",
      "auth.approle.kubernetesRoles: expected only with type: kubernetes",
      "auth.other: a method token, expected at token, where Vault has it",
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses authorities that nobody signs, that sign each other, or outlive their signer", () => {
  const authority = (signedBy: string | undefined, ttl = "720h") => ({
    type: "pki" as const,
    authority: { commonName: "A", ttl, ...signedBy === undefined ? {} : { signedBy } },
  });
  assert.deepEqual(mistakesOf({ mounts: { a: authority("rot"), root: authority(undefined) } }), [
    "mounts.a.authority.signedBy: no other pki engine is called rot, expected one of root; did you mean root?",
  ]);
  assert.deepEqual(
    mistakesOf({ mounts: { a: authority("b"), b: authority("a") } }).map((text) =>
      text.split(",")[0]
    ),
    [
      "mounts.a.authority.signedBy: a is signed by b is signed by a",
      "mounts.b.authority.signedBy: b is signed by a is signed by b",
    ],
  );
  assert.deepEqual(mistakesOf({ mounts: { a: authority("b", "721h"), b: authority(undefined) } }), [
    "mounts.a.authority.ttl: 721h is more than the time of b, which signs it, 720h, expected at most that",
  ]);
  const odd = {
    ...authority(undefined),
    authority: { ...authority(undefined).authority, keyBits: 2048 },
  };
  assert.deepEqual(mistakesOf({ mounts: { a: odd } }), [
    "mounts.a.authority.keyBits: 2048, expected one of 224, 256, 384, 521 with keyType: ec",
  ]);
});

Deno.test("checkVaultConfigurations() refuses certificates that live longer than their engine lets them", () => {
  const pkiRoles = { web: { allowedDomains: ["web"], maxTtl: "2h" } };
  assert.deepEqual(mistakesOf({ mounts: { pki: { type: "pki", maxLeaseTtl: "1h", pkiRoles } } }), [
    "mounts.pki.pkiRoles.web.maxTtl: 2h is more than the engine's longest 1h, expected at most that",
  ]);
});

Deno.test("checkVaultConfigurations() refuses database roles that their connection does not let in", () => {
  const url = "postgresql://{{username}}:{{password}}@postgres:5432/postgres";
  const credentials = { path: "other/vault", usernameKey: "u", passwordKey: "p" };
  assert.deepEqual(
    mistakesOf({
      mounts: {
        ...kv,
        database: {
          type: "database",
          connections: { shop: { url, credentials, allowedRoles: ["gone"] } },
          databaseRoles: {
            reader: { connection: "shop", username: "reader" },
            writer: { connection: "shp", creationStatements: ["x"], rotationPeriod: "1h" },
          },
        },
      },
    }),
    [
      "mounts.database.connections.shop.allowedRoles[0]: no database role is called gone, expected one of reader, writer",
      "mounts.database.connections.shop.credentials.path: other/vault is in no kv-v2 engine, expected a path in secret",
      "mounts.database.databaseRoles.reader.connection: shop does not let reader use it, expected it among its allowedRoles",
      "mounts.database.databaseRoles.reader.rotationPeriod: missing, expected how often the password of username changes, such as 720h",
      "mounts.database.databaseRoles.writer.connection: no connection is called shp, expected one of shop; did you mean shop?",
      "mounts.database.databaseRoles.writer.rotationPeriod: expected only with username",
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses policies for what is not mounted, and paths that open nothing", () => {
  assert.deepEqual(
    mistakesOf({
      mounts: kv,
      policies: {
        Shop: { paths: { "secret/shop/database": ["read"] } },
        root: { paths: { "secrte/data/shop": ["read"] } },
      },
    }),
    [
      "policies.Shop: Vault writes names of policies small, expected small letters",
      'policies.Shop.paths["secret/shop/database"]: opens nothing: secrets of the kv-v2 engine secret are read at secret/data/…, expected secret/data/shop/database',
      "policies.root: root is Vault's own, expected another name",
      'policies.root.paths["secrte/data/shop"]: secrte/data/shop is in no secrets engine, expected a path in secret',
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses roles with policies and service accounts that nobody has", () => {
  const role = (serviceAccounts: string[], policies: string[]) => ({
    auth: {
      kubernetes: {
        type: "kubernetes" as const,
        kubernetesRoles: { web: { serviceAccounts, policies } },
      },
    },
  });
  const workloads = { web: sampleWorkload() };
  assert.deepEqual(mistakesOf(role(["shop/wbe", "shpo/web"], ["wbe", "root"]), { workloads }), [
    "auth.kubernetes.kubernetesRoles.web.policies[0]: no policy is called wbe, expected one of default",
    "auth.kubernetes.kubernetesRoles.web.policies[1]: root may do everything, expected a policy of its own",
    "auth.kubernetes.kubernetesRoles.web.serviceAccounts[0]: no service account is called shop/wbe, expected one of shop/web; did you mean shop/web?",
    "auth.kubernetes.kubernetesRoles.web.serviceAccounts[1]: no namespace is called shpo, expected one of shop",
    "auth.kubernetes.kubernetesRoles.web.serviceAccounts: Vault would let in shop/web too: it takes each of the names in each of the namespaces, expected a role for each namespace",
  ]);
  const charts = {
    "cert-manager": { namespace: "shop", values: {} },
  } as unknown as Platform["charts"];
  assert.deepEqual(
    mistakesOf(role(["shop/cert-manager"], ["default"]), { workloads, charts }),
    [],
    "what a chart brings is not known",
  );
});

Deno.test("checkVaultConfigurations() refuses seeds of what is not there", () => {
  assert.deepEqual(
    mistakesOf({
      mounts: { ...kv, transit: { type: "transit" } },
      auth: { approle: { type: "approle", appRoles: { web: { policies: ["default"] } } } },
      seeds: {
        secret: { KEY: { value: "a" } },
        "transit/a": { KEY: { value: "a" } },
        "secret/a": { ID: { roleIdOf: "approle/wbe" }, TOKEN: { tokenOf: "unseal" } },
      },
    }),
    [
      "seeds.secret: secret is the engine itself, expected a path in it such as secret/shop/database",
      'seeds["transit/a"]: transit/a is in no kv-v2 engine, expected a path in secret',
      'seeds["secret/a"].ID.roleIdOf: no AppRole is called approle/wbe, expected one of approle/web; did you mean approle/web?',
      'seeds["secret/a"].TOKEN.tokenOf: no token role is called unseal, expected that one is declared',
    ],
  );
});

const store = (role: string, namespace: string) => ({
  scope: "namespace" as const,
  namespace,
  vault: { server, path: "secret", version: "v2" as const, authMountPath: "kubernetes", role },
});

Deno.test("checkVaultConfigurations() refuses a declared role that is not enough for who logs in with it", () => {
  const changes = {
    secretStores: { shop: store("shop", "shop") },
    externalSecrets: {
      api: { namespace: "shop", store: "shop", from: "api", refreshInterval: "1h", keys: ["KEY"] },
    },
    workloads: { web: sampleWorkload() },
  };
  assert.deepEqual(
    mistakesOf({
      mounts: kv,
      policies: { shop: { paths: { "secret/data/other": ["read"] } } },
      auth: {
        kubernetes: {
          type: "kubernetes",
          kubernetesRoles: { shop: { serviceAccounts: ["shop/web"], policies: ["shop"] } },
        },
      },
    }, changes),
    [
      "secretStores.shop: its role kubernetes/shop has no policy that allows read on secret/data/api, expected one",
      "secretStores.shop: logs in as shop/shop, which the role kubernetes/shop does not let in, expected one of shop/web",
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses two that cannot share a role", () => {
  assert.deepEqual(
    mistakesOf(undefined, {
      namespaces: { shop: {}, other: {} } as unknown as Platform["namespaces"],
      secretStores: { a: store("one", "shop"), b: store("one", "other") },
    }),
    [
      "secretStores.b: shares the role kubernetes/one with secretStores.a, of another namespace and service account: Vault would let in both names in both namespaces, expected a role of its own",
    ],
  );
  const issuer = { server, path: "pki/sign/web", authMountPath: "kubernetes", role: "certs" };
  assert.deepEqual(
    mistakesOf(undefined, {
      issuers: {
        a: { namespace: "shop", vault: issuer },
        b: { namespace: "shop", vault: issuer },
      },
    }),
    [
      "issuers.b: its tokens are for vault://shop/b, the role kubernetes/certs wants vault://shop/a, expected a role of its own",
    ],
  );
});

Deno.test("checkVaultConfigurations() refuses certificates of an engine or a role that is not declared", () => {
  const issuer = (path: string) => ({
    issuers: {
      inside: {
        namespace: "shop",
        vault: { server, path, authMountPath: "kubernetes", role: "c" },
      },
    },
  });
  const pki = {
    type: "pki" as const,
    pkiRoles: { web: { allowedDomains: ["web"], maxTtl: "1h" } },
  };
  assert.deepEqual(mistakesOf({ mounts: { pki } }, issuer("pki/sign/wbe")), [
    "issuers.inside: no role of the engine pki is called wbe, expected one of web",
  ]);
  assert.deepEqual(mistakesOf({ mounts: { pki } }, issuer("pky/sign/web")), [
    "issuers.inside: no pki engine is called pky, expected one of pki; did you mean pki?",
  ]);
  assert.deepEqual(mistakesOf(undefined, issuer("pky/sign/web")), [], "others may have made it");
});
