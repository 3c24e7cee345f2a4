import assert from "node:assert/strict";
import type { Platform } from "../../../lib/platform/types.ts";
import { render } from "../../../manifests/components/render.ts";
import { samplePlatform, sampleWorkload } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";
import { find } from "../find.ts";

const server = "https://vault.vault.svc:8200";
const login = { path: "secret", version: "v2" as const, authMountPath: "kubernetes", role: "shop" };

/** A Vault with a certificate by an authority of its own, and one of each that asks it. */
function sample(changes: Partial<Platform> = {}): Platform {
  return samplePlatform({
    namespaces: {
      shop: { podSecurity: "restricted" },
      vault: { podSecurity: "restricted" },
    },
    storageClasses: { disk: { existing: true, provisioner: "disk" } } as never,
    vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) },
    secretStores: {
      own: { scope: "namespace", namespace: "shop", vault: { server, ...login } },
      all: { scope: "cluster", namespace: "vault", vault: { server, ...login, role: "all" } },
    },
    certificates: {
      "vault-web": { namespace: "vault", hosts: ["vault.example.org"], issuer: "own" },
    },
    issuers: {
      own: { selfSigned: true },
      pki: {
        namespace: "shop",
        vault: { server, path: "pki/sign/shop", role: "pki", authMountPath: "kubernetes" },
      },
    },
    workloads: {
      web: sampleWorkload({
        vaultAgent: {
          address: server,
          auth: { kubernetes: { role: "web" } },
          files: { env: { path: "secret/data/shop" } },
        },
      }),
    },
    ingress: { controller: "traefik", namespace: "kube-system" },
    routes: {
      vault: {
        namespace: "vault",
        hosts: ["vault.example.org"],
        service: "vault-active",
        port: 8200,
        middlewares: [],
        certificate: "vault-web",
      },
    },
    ...changes,
  });
}

const secure = render(sample());

Deno.test("render() tells secret stores Vault's authority, in the namespace where each finds it", () => {
  assert.deepEqual(find(secure, "SecretStore", "shop/own").spec.provider.vault.caProvider, {
    type: "Secret",
    name: "vault-ca",
    key: "ca.crt",
  });
  assert.deepEqual(find(secure, "ClusterSecretStore", "all").spec.provider.vault.caProvider, {
    type: "Secret",
    name: "vault-ca",
    key: "ca.crt",
    namespace: "vault",
  });
});

Deno.test("render() tells issuers and agents Vault's authority", () => {
  assert.deepEqual(find(secure, "Issuer", "shop/pki").spec.vault.caBundleSecretRef, {
    name: "vault-ca",
    key: "ca.crt",
  });
  const { annotations } = find(secure, "Deployment", "shop/web").spec.template.metadata;
  assert.equal(annotations["vault.hashicorp.com/tls-secret"], "vault-ca");
  assert.equal(annotations["vault.hashicorp.com/ca-cert"], "/vault/tls/ca.crt");
});

Deno.test("render() has Traefik check the certificate of a Vault that it leads to", () => {
  const [rule] = find(secure, "IngressRoute", "vault/vault").spec.routes;
  assert.deepEqual(rule.services, [{
    name: "vault-active",
    port: 8200,
    scheme: "https",
    serversTransport: "vault-https",
  }]);
  assert.deepEqual(find(secure, "ServersTransport", "vault/vault-https").spec, {
    serverName: "vault.vault.svc",
    rootCAs: [{ secret: "vault-ca" }],
  });
});

Deno.test("render() leaves clients of a plain Vault as they are", () => {
  const plain = sample({ vaults: { vault: sampleVault() }, workloads: {} });
  delete plain.issuers["pki"];
  const http = "http://vault.vault.svc:8200";
  for (const store of Object.values(plain.secretStores)) store.vault!.server = http;
  const manifests = render(plain);
  const { vault } = find(manifests, "SecretStore", "shop/own").spec.provider;
  assert.equal("caProvider" in vault, false);
  assert.equal(manifests.some(({ kind }) => kind === "ServersTransport"), false);
  const [rule] = find(manifests, "IngressRoute", "vault/vault").spec.routes;
  assert.deepEqual(rule.services, [{ name: "vault-active", port: 8200 }]);
});

Deno.test("render() lets a client say by itself which authority it trusts", () => {
  const caSecret = { name: "company-ca", key: "root.pem" };
  const manifests = render(sample({
    secretStores: {
      own: { scope: "namespace", namespace: "shop", vault: { server, ...login, caSecret } },
    },
  }));
  assert.deepEqual(find(manifests, "SecretStore", "shop/own").spec.provider.vault.caProvider, {
    type: "Secret",
    ...caSecret,
  });
});
