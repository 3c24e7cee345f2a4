import assert from "node:assert/strict";
import {
  podPlaces,
  vaultConfig,
  type VaultPlaces,
} from "../../../manifests/components/secrets/vault_config.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleOutsideVault, sampleSeal, sampleVault } from "../../platform/sample_vault.ts";

function configOf(vault = sampleVault(), vaults = {}) {
  return vaultConfig(podPlaces("vault", vault, samplePlatform({ vaults: { vault, ...vaults } })));
}

Deno.test("vaultConfig() keeps a pod's data by Raft, and serves plain HTTP unless told otherwise", () => {
  const config = configOf();
  assert.match(
    config,
    /storage "raft" \{\n {2}path = "\/vault\/data"\n {2}performance_multiplier = 1\n\}/,
  );
  assert.match(config, /address = "\[::\]:8200"/);
  assert.match(config, /tls_disable = true/);
  assert.match(config, /disable_mlock = true/);
  assert.doesNotMatch(config, /retry_join|seal/);
});

Deno.test("vaultConfig() serves HTTPS with the files of its Secret, and nothing older than TLS 1.2", () => {
  const config = configOf(sampleVault({ tls: { secret: "vault-tls" } }));
  assert.match(config, /tls_cert_file = "\/vault\/tls\/tls\.crt"/);
  assert.match(config, /tls_key_file = "\/vault\/tls\/tls\.key"/);
  assert.match(config, /tls_min_version = "tls12"/);
  assert.doesNotMatch(config, /tls_disable/);
});

Deno.test("vaultConfig() lets a new server join by the name of each, whose certificate it checks", () => {
  const config = configOf(sampleVault({ replicas: 3, tls: { secret: "vault-tls" } }));
  const joins = [...config.matchAll(/retry_join \{\n([^}]+)\}/g)].map(([, text]) => text!);
  assert.deepEqual(
    joins.map((text) => /leader_api_addr = "(.+)"/.exec(text)?.[1]),
    [0, 1, 2].map((index) => `https://vault-${index}.vault-internal.vault.svc:8200`),
  );
  for (const text of joins) {
    assert.match(text, /leader_ca_cert_file = "\/vault\/tls\/ca\.crt"/);
  }
});

Deno.test("vaultConfig() has another Vault's key unseal it, and stands without the token for it", () => {
  const vault = sampleVault({ seal: sampleSeal });
  const bootstrap = sampleVault({ namespace: "bootstrap" });
  const config = configOf(vault, { bootstrap });
  assert.match(
    config,
    /seal "transit" \{\n {2}address = "http:\/\/bootstrap\.bootstrap\.svc:8200"/,
  );
  assert.match(config, /key_name = "autounseal"/);
  assert.doesNotMatch(config, /token/i);
});

Deno.test("vaultConfig() checks a sealing Vault's certificate by its own authority, or by the public ones", () => {
  const vault = sampleVault({ seal: sampleSeal, tls: { secret: "vault-tls" } });
  const address = "https://bootstrap.example.org:8200";
  const own = configOf(vault, {
    bootstrap: sampleOutsideVault({
      outside: { address, caCert: "-----BEGIN CERTIFICATE-----\n" },
    }),
  });
  assert.match(own, /address = "https:\/\/bootstrap\.example\.org:8200"/);
  assert.match(own, /tls_ca_cert = "\/vault\/seal\/ca\.crt"/);
  const known = configOf(vault, { bootstrap: sampleOutsideVault() });
  assert.match(known, /tls_ca_cert = "\/etc\/ssl\/certs\/ca-certificates\.crt"/);
});

Deno.test("vaultConfig() runs the same server as a process, with places of its own", () => {
  const places: VaultPlaces = {
    address: "127.0.0.2:8200",
    clusterAddress: "127.0.0.2:8201",
    dataFolder: '/var/lib/a "folder"',
    nodeId: "vault-0",
    apiAddress: "https://vault-0.vault-internal.vault.svc:8200",
    clusterApiAddress: "https://vault-0.vault-internal.vault.svc:8201",
    tls: { certFile: "/run/tls.crt", keyFile: "/run/tls.key", caFile: "/run/ca.crt" },
    servers: ["https://vault-0.vault-internal.vault.svc:8200"],
  };
  assert.equal(
    vaultConfig(places),
    `ui = true
disable_mlock = true
api_addr = "https://vault-0.vault-internal.vault.svc:8200"
cluster_addr = "https://vault-0.vault-internal.vault.svc:8201"

listener "tcp" {
  address = "127.0.0.2:8200"
  cluster_address = "127.0.0.2:8201"
  tls_cert_file = "/run/tls.crt"
  tls_key_file = "/run/tls.key"
  tls_min_version = "tls12"
}

storage "raft" {
  path = "/var/lib/a \\"folder\\""
  node_id = "vault-0"
  performance_multiplier = 1
}
`,
  );
});
