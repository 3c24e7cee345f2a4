import assert from "node:assert/strict";
import { desiredVault, policyText } from "../../../lib/flows/vault/desired.ts";
import { seconds } from "../../../lib/flows/vault/duration.ts";
import type { VaultConfiguration } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

function desired(configuration: VaultConfiguration) {
  const platform = samplePlatform({ vaults: { vault: sampleVault({ configuration }) } });
  return desiredVault(platform, "vault", {
    kubernetes: { host: "https://kubernetes.default.svc" },
  });
}

const entry = (configuration: VaultConfiguration, name: string) =>
  desired(configuration).entries.find((entry) => entry.name === name)!;

Deno.test("policyText() writes each path with its capabilities", () => {
  assert.equal(
    policyText({ "secret/data/a": ["read"], "pki/issue/b": ["create", "update"] }),
    'path "secret/data/a" {\n  capabilities = ["read"]\n}\n\n' +
      'path "pki/issue/b" {\n  capabilities = ["create", "update"]\n}\n',
  );
});

Deno.test("seconds() takes bare numbers as Vault does", () => {
  assert.deepEqual(["90", "90s", "30m", "72h"].map(seconds), [90, 90, 1_800, 259_200]);
});

Deno.test("desiredVault() puts authorities after those that sign them, with time enough in their mounts", () => {
  const authority = (signedBy?: string) => ({
    type: "pki" as const,
    authority: { commonName: "A", ttl: "10h", ...signedBy === undefined ? {} : { signedBy } },
  });
  const { authorities, mounts } = desired({
    mounts: { leaf: authority("middle"), middle: authority("root"), root: authority() },
  });
  assert.deepEqual(authorities.map(({ mount }) => mount), ["root", "middle", "leaf"]);
  assert.deepEqual(authorities[0], {
    mount: "root",
    commonName: "A",
    ttlSeconds: 36_000,
    keyType: "ec",
    keyBits: 256,
  });
  assert.ok(mounts.every(({ maxLeaseSeconds }) => maxLeaseSeconds === 36_000));
});

Deno.test("desiredVault() tells certificates where their authority is found in the cluster", () => {
  assert.deepEqual(entry({ mounts: { pki: { type: "pki" } } }, "pki/urls").fields, {
    issuing_certificates: ["http://vault.vault.svc:8200/v1/pki/ca"],
    crl_distribution_points: ["http://vault.vault.svc:8200/v1/pki/crl"],
  });
});

Deno.test("desiredVault() allows of certificates only what a role says", () => {
  const pkiRoles = { web: { allowedDomains: ["web"], maxTtl: "72h", usages: ["server" as const] } };
  assert.deepEqual(entry({ mounts: { pki: { type: "pki", pkiRoles } } }, "pki/web").fields, {
    allowed_domains: ["web"],
    allow_bare_domains: true,
    allow_subdomains: false,
    allow_ip_sans: false,
    allow_localhost: false,
    max_ttl: 259_200,
    key_type: "ec",
    key_bits: 256,
    server_flag: true,
    client_flag: false,
    require_cn: false,
  });
});

Deno.test("desiredVault() makes tokens of a role outlive the root token that makes them", () => {
  const auth = {
    token: { type: "token" as const, tokenRoles: { unseal: { policies: ["a"], period: "24h" } } },
  };
  const found = desired({ auth });
  assert.deepEqual(found.auth, [], "the method itself is always there");
  assert.deepEqual(entry({ auth }, "token/unseal").fields, {
    allowed_policies: ["a"],
    orphan: true,
    renewable: true,
    token_period: 86_400,
  });
});

Deno.test("desiredVault() reviews tokens with the pod's own, and outside of a pod with the cluster's authority", () => {
  const auth = { kubernetes: { type: "kubernetes" as const } };
  assert.deepEqual(entry({ auth }, "kubernetes").fields, {
    kubernetes_host: "https://kubernetes.default.svc",
    disable_local_ca_jwt: false,
  });
  const platform = samplePlatform({
    vaults: { vault: sampleVault({ configuration: { auth } }) },
  });
  const outside = desiredVault(platform, "vault", {
    kubernetes: { host: "https://10.0.0.1:6443", caCert: "PEM" },
  });
  assert.deepEqual(outside.entries[0]!.fields, {
    kubernetes_host: "https://10.0.0.1:6443",
    disable_local_ca_jwt: true,
    kubernetes_ca_cert: "PEM",
  });
});

Deno.test("desiredVault() never lets a Transit key out, and fixes its type", () => {
  const transitKeys = { unseal: { autoRotatePeriod: "720h" } };
  const { fixed, fields, settingsPath } = entry(
    { mounts: { transit: { type: "transit", transitKeys } } },
    "transit/unseal",
  );
  assert.deepEqual({ fixed, fields, settingsPath }, {
    fixed: { type: "aes256-gcm96", exportable: false },
    fields: { auto_rotate_period: 2_592_000 },
    settingsPath: "transit/keys/unseal/config",
  });
});

Deno.test("desiredVault() splits paths of secrets at the mount that they are in", () => {
  const { seeds } = desired({
    mounts: { "kv/team": { type: "kv-v2" }, kv2: { type: "kv-v2" } },
    seeds: { "kv/team/shop/a": { KEY: { value: "x" }, ID: { secretIdOf: "auth/deep/web" } } },
  });
  assert.deepEqual(seeds, [{
    mount: "kv/team",
    path: "shop/a",
    keys: {
      KEY: { from: "text", text: "x" },
      ID: { from: "secret-id", mount: "auth/deep", role: "web" },
    },
  }]);
});
