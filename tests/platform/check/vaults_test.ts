import assert from "node:assert/strict";
import { checkVaults } from "../../../lib/platform/check/vaults.ts";
import { declaredSecrets } from "../../../lib/platform/declared.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import { checkShape } from "../../../lib/platform/shape.ts";
import type { Platform, Vault } from "../../../lib/platform/types.ts";
import { vaultCaNamespaces } from "../../../lib/platform/vault_clients.ts";
import { vaultAt } from "../../../lib/platform/vaults.ts";
import { samplePlatform } from "../sample_platform.ts";
import { sampleOutsideVault, sampleSeal, sampleVault } from "../sample_vault.ts";

function mistakesOf(changes: Partial<Platform>): string[] {
  return checkVaults(samplePlatform(changes)).map(({ path, message }) =>
    `${pathText(path)}: ${message}`
  );
}

const recipient = (letter: string) => `age1${letter.repeat(58)}`;

function initialised(initialize: Vault["initialize"]): string[] {
  return mistakesOf({ vaults: { vault: sampleVault({ initialize }) } });
}

const source = { path: "secret", version: "v2" as const, authMountPath: "kubernetes", role: "r" };

Deno.test("a Vault outside of the cluster says where it is, and nothing of how it runs", () => {
  const vaults = {
    bootstrap: {
      outside: { address: "https://b.example.org:8200" },
      replicas: 1,
      tls: { secret: "t" },
    },
  };
  const { mistakes } = checkShape({ name: "demo", domain: "example.org", vaults });
  assert.deepEqual(
    mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`),
    [
      "vaults.bootstrap.replicas: given, expected none beside outside: others run it",
      "vaults.bootstrap.tls: given, expected none beside outside: others run it",
    ],
  );
});

Deno.test("a Vault in the cluster says all that its pods need", () => {
  const vaults = { vault: { namespace: "vault", storage: { storageClass: "disk", size: "1Gi" } } };
  const { mistakes } = checkShape({ name: "demo", domain: "example.org", vaults });
  assert.deepEqual(
    mistakes.map(({ path }) => pathText(path)),
    ["image", "replicas", "resources", "runAs"].map((key) => `vaults.vault.${key}`),
  );
});

Deno.test("a misspelt key of a Vault is told with those that it could be", () => {
  const vaults = { vault: { namespce: "vault" } };
  const { mistakes } = checkShape({ name: "demo", domain: "example.org", vaults });
  assert.match(mistakes[0]!.message, /unknown key.+did you mean namespace\?/);
});

Deno.test("checkVaults() wants an odd number of servers, so that the loss of one is borne", () => {
  assert.deepEqual(mistakesOf({ vaults: { vault: sampleVault({ replicas: 3 }) } }), []);
  assert.match(
    mistakesOf({ vaults: { vault: sampleVault({ replicas: 2 }) } }).join(),
    /vaults\.vault\.replicas: 2, expected an odd number/,
  );
});

Deno.test("checkVaults() refuses numbers of shares that Vault refuses, and one share where something is at stake", () => {
  const because = "a rehearsal";
  const secret = { name: "keys", because };
  assert.deepEqual(initialised({ secret }), []);
  assert.match(initialised({ secret, shares: 3, threshold: 4 }).join(), /4, expected at most 3/);
  assert.match(initialised({ secret, shares: 3, threshold: 1 }).join(), /which Vault refuses/);
  assert.match(initialised({ secret, shares: 1, threshold: 1 }).join(), /development: true/);
  assert.deepEqual(initialised({ secret, shares: 1, threshold: 1, development: true }), []);
});

Deno.test("checkVaults() wants a recipient of its own for each holder, and no more holders than shares", () => {
  const holders = { ann: recipient("q"), bob: recipient("p") };
  assert.deepEqual(initialised({ holders }), []);
  assert.match(
    initialised({ holders: { ...holders, cy: recipient("q") } }).join(),
    /holders\.cy: the recipient of another holder/,
  );
  assert.match(initialised({ holders, shares: 1, development: true }).join(), /2 holders of 1/);
});

Deno.test("checkVaults() tells a client that speaks HTTP to a Vault with a certificate, and the other way round", () => {
  const stores = (server: string): Partial<Platform> => ({
    secretStores: { own: { scope: "namespace", namespace: "shop", vault: { server, ...source } } },
  });
  const secure = { vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) } };
  assert.deepEqual(mistakesOf({ ...secure, ...stores("https://vault.vault.svc:8200") }), []);
  assert.deepEqual(mistakesOf({ ...secure, ...stores("http://vault.vault.svc:8200") }), [
    "secretStores.own.vault.server: http://vault.vault.svc:8200, expected https:// since the vault vault has a certificate",
  ]);
  assert.deepEqual(
    mistakesOf({ vaults: { vault: sampleVault() }, ...stores("https://vault.vault:8200") }),
    [
      "secretStores.own.vault.server: https://vault.vault:8200, expected http:// since the vault vault has no tls",
    ],
  );
});

Deno.test("checkVaults() wants a certificate of the platform's to be beside Vault, for its names", () => {
  const at = (namespace: string, hosts: string[], replicas = 1) =>
    mistakesOf({
      vaults: { vault: sampleVault({ tls: { secret: "vault-tls" }, replicas }) },
      certificates: { "vault-tls": { namespace, hosts, issuer: "own" } },
    });
  assert.deepEqual(at("vault", ["vault.vault.svc"]), []);
  assert.match(
    at("shop", ["vault.vault.svc"]).join(),
    /is in namespace shop, expected one in vault/,
  );
  assert.match(
    at("vault", ["vault.example.org"]).join(),
    /expected it to be for vault\.vault\.svc/,
  );
  assert.match(at("vault", ["vault.vault.svc"], 3).join(), /vault-2\.vault-internal\.vault\.svc/);
  assert.deepEqual(at("vault", ["vault.vault.svc", "*.vault-internal.vault.svc"], 3), []);
});

Deno.test("checkVaults() lets only Traefik lead to a Vault that serves HTTPS", () => {
  const routed = (controller: "traefik" | "nginx") =>
    mistakesOf({
      vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) },
      ingress: { controller, namespace: "kube-system" },
      routes: {
        vault: {
          namespace: "vault",
          hosts: ["vault.example.org"],
          service: "vault",
          port: 8200,
          middlewares: [],
        },
      },
    });
  assert.deepEqual(routed("traefik"), []);
  assert.match(routed("nginx").join(), /which nginx would ask over plain HTTP/);
});

Deno.test("declaredSecrets() has what install-vault makes: certificate, authority for each client, token for the seal", () => {
  const platform = samplePlatform({
    vaults: {
      vault: sampleVault({ tls: { secret: "vault-tls" }, seal: sampleSeal }),
      bootstrap: sampleOutsideVault({
        outside: { address: "https://b.example.org", caCert: "-----BEGIN CERTIFICATE-----\n" },
      }),
    },
    secretStores: {
      own: {
        scope: "namespace",
        namespace: "shop",
        vault: { server: "https://vault.vault.svc:8200", ...source },
      },
    },
  });
  assert.deepEqual(
    declaredSecrets(platform).map(({ namespace, name, keys, madeBy }) =>
      `${madeBy} ${namespace}/${name}: ${keys.join(" ")}`
    ),
    [
      "install-vault vault/vault-tls: tls.crt tls.key ca.crt",
      "install-vault vault/vault-unseal: TOKEN",
      "install-vault shop/vault-ca: ca.crt",
      "install-vault vault/bootstrap-ca: ca.crt",
    ],
  );
});

Deno.test("declaredSecrets() leaves a Secret to whatever else makes it", () => {
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) },
    certificates: {
      "vault-tls": { namespace: "vault", hosts: ["vault.vault.svc"], issuer: "own" },
    },
  });
  assert.deepEqual(declaredSecrets(platform).map(({ madeBy }) => madeBy), ["Certificate"]);
});

Deno.test("vaultCaNamespaces() has no namespace where a public authority has signed", () => {
  const acme = { server: "https://acme.example.org", email: "a@example.org" };
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) },
    certificates: {
      "vault-tls": { namespace: "vault", hosts: ["vault.vault.svc"], issuer: "acme" },
    },
    issuers: { acme: { ...acme, challenge: "http01" } },
    backups: { jobs: { backup: { namespace: "shop", covers: ["vaults/vault"] } } } as never,
  });
  assert.deepEqual(vaultCaNamespaces(platform, "vault"), []);
  platform.issuers["acme"] = { selfSigned: true };
  assert.deepEqual(vaultCaNamespaces(platform, "vault"), ["shop"]);
});

Deno.test("vaultAt() knows a Vault by the names of its Services, and one outside by its address", () => {
  const platform = samplePlatform({
    vaults: { vault: sampleVault(), bootstrap: sampleOutsideVault() },
  });
  for (const host of ["vault.vault", "vault.vault.svc", "vault-active.vault.svc.cluster.local"]) {
    assert.equal(vaultAt(platform, `http://${host}:8200`), "vault");
  }
  assert.equal(vaultAt(platform, "https://bootstrap.example.org:8200/v1"), "bootstrap");
  for (const other of ["http://vault.other.svc:8200", "https://vault.example.org", "vault"]) {
    assert.equal(vaultAt(platform, other), undefined, other);
  }
});
