import "reflect-metadata";
import { SubjectAlternativeNameExtension, X509Certificate } from "@peculiar/x509";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { type KubeObject, type ObjectRef, refOf } from "../../lib/core/object.ts";
import { openVault } from "../../lib/flows/vault/open.ts";
import { withVaultToken } from "../../lib/flows/vault/token.ts";
import { throwIfNotReady, waitUntilReady } from "../../lib/kube/wait/wait.ts";
import { findServices } from "../../lib/local/services/running.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { readData } from "../../lib/vault/read.ts";
import { sealStatus } from "../../lib/vault/status.ts";
import { type Ground, withGround } from "../e2e/ground.ts";
import type { TaskOutcome } from "../e2e/task.ts";

const namespace = "homepage-dev";
const identities = fileURLToPath(
  new URL("../../manifests/example-identities.txt", import.meta.url),
);
const which = ["--platform", "vikingthedev", "--env", "dev"];

/** What others would have given the owner of the homepage. */
const seeds = {
  "secret/homepage/api-keys": { GITHUB_TOKEN: "github-token" },
  "secret/homepage/ghcr": { username: "viking-bot", token: "ghcr-token" },
  "secret/homepage/offsite-backups": { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" },
  "secret/vault/offsite-backups": { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" },
  "secret/monitoring/github": {
    OAUTH2_PROXY_CLIENT_ID: "client",
    OAUTH2_PROXY_CLIENT_SECRET: "client-secret",
  },
  "secret/monitoring/alertmanager": { "smtp-password": "smtp-password" },
};

Deno.test("VikingTheDev's two Vaults and a real cert-manager", async (t) => {
  await withGround(async (ground) => {
    // Keys are kept below the folder that tasks are called from.
    const env = { INIT_CWD: ground.stateHome };
    const task = (name: string, ...args: string[]): Promise<TaskOutcome> =>
      ground.run([name, ...args, "--json"], { env });
    const install = (vault: string, ...args: string[]) =>
      task("install_vault", ...which, "--vault", vault, "--identity", identities, "--yes", ...args);
    try {
      await steps(t, ground, task, install);
    } finally {
      await task("cluster", "reset", "--yes", "--outside");
    }
  });
});

async function steps(
  t: Deno.TestContext,
  ground: Ground,
  task: (name: string, ...args: string[]) => Promise<TaskOutcome>,
  install: (vault: string, ...args: string[]) => Promise<TaskOutcome>,
) {
  await t.step("both Vaults are installed, the second unsealed by the first", async () => {
    // The nodes are the platform's own, so it comes first.
    done(await task("bootstrap", ...which, "--no-wait"));
    done(await task("cluster", "up", "--operators", "external-secrets"));
    done(await install("vault-bootstrap"));
    const file = `${ground.stateHome}/seeds.json`;
    await Deno.writeTextFile(file, JSON.stringify(seeds), { mode: 0o600 });
    done(await install("vault", "--seed-from", file));
    await Deno.remove(file);
    const status = await asRoot(ground, (vault) => sealStatus(vault));
    assert.deepEqual({ sealed: status.sealed, type: status.type }, {
      sealed: false,
      type: "transit",
    });
  });

  await t.step("all that waits for secrets becomes ready", async () => {
    const outcome = await task("bootstrap", ...which);
    done(outcome);
    const synced = outcome.lines.filter(({ because }) => because === "SecretSynced: secret synced");
    assert(new Set(synced.map(({ subject }) => subject)).size >= 11, JSON.stringify(synced));
  });

  await t.step(
    "killed, the second Vault comes up again unsealed, and gives its secrets",
    async () => {
      const services = await findServices(ground.folderOf());
      const primary = services.find(({ name }) => name.startsWith("vault-0"));
      assert(primary, services.map(({ name }) => name).join());
      Deno.kill(primary.pid, "SIGKILL");
      done(await task("cluster", "up"));
      const status = await asRoot(ground, (vault) => sealStatus(vault));
      assert.equal(status.sealed, false);
      done(await task("sync_secrets", ...which, "grafana", "--no-restart"));
    },
  );

  let root: X509Certificate;
  await t.step("PKI issues a certificate that its root vouches for", async () => {
    await asRoot(ground, async (vault) => {
      const found = await readData<{ certificate: string }>(vault, "pki/cert/ca");
      root = new X509Certificate(found!.certificate);
      assert(await root.verify({ publicKey: root, signatureOnly: true }));
      const issued = await vault.request<{ data: { certificate: string; issuing_ca: string } }>(
        "POST",
        "pki-intermediate/issue/backend",
        { body: { common_name: "backend", ttl: "72h" } },
      );
      const { certificate, issuing_ca } = issued!.data;
      await assertSignedBy([certificate, issuing_ca], root);
    });
  });

  await t.step("cert-manager has the same authority sign, by Vault's issuer", async () => {
    await ground.asAdmin(leaveOutPublicAuthorities);
    done(await task("cluster", "up", "--operators", "cert-manager"));
    await ground.asAdmin(async (client) => {
      const issuer = await withTokenInSecret(client);
      const certificate = ref("cert-manager.io/v1", "Certificate", "backup-postgres-tls");
      throwIfNotReady(
        await waitUntilReady(client, [issuer, certificate], {
          signal: ground.context.signal,
          now: ground.context.now,
          timeoutMs: 90_000,
        }),
      );
      const secret = await client.get(ref("v1", "Secret", "backup-postgres-tls"));
      const data = secret!["data"] as Record<string, string>;
      const chain = atob(data["tls.crt"]!).match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g)!;
      const leaf = await assertSignedBy(chain, root);
      const names = leaf.getExtension(SubjectAlternativeNameExtension)!.names.toJSON();
      assert.deepEqual(names, [{ type: "dns", value: "backup.homepage-dev.svc" }]);
      const days = (leaf.notAfter.getTime() - leaf.notBefore.getTime()) / 86_400_000;
      assert(days > 29 && days < 31, `${days} days`);
    });
  });
}

function done({ code, stdout, stderr }: TaskOutcome): void {
  assert.equal(code, 0, `${stderr}\n${stdout.slice(-3000)}`);
}

function ref(apiVersion: string, kind: string, name: string): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** Each certificate is signed by the next, the last by the root; returns the first. */
async function assertSignedBy(
  pems: readonly string[],
  root: X509Certificate,
): Promise<X509Certificate> {
  const chain = pems.map((pem) => new X509Certificate(pem))
    .filter(({ rawData }) => !same(rawData, root.rawData));
  assert.equal(chain.length, 2, "a certificate and the intermediate authority's");
  for (const [index, certificate] of chain.entries()) {
    const signer = chain[index + 1] ?? root;
    assert.equal(certificate.issuer, signer.subject);
    assert(await certificate.verify({ publicKey: signer, signatureOnly: true }));
  }
  return chain[0]!;
}

function same(a: ArrayBuffer, b: ArrayBuffer): boolean {
  return new Uint8Array(a).toBase64() === new Uint8Array(b).toBase64();
}

/** A test speaks to nobody but this machine, and issuers of public authorities would. */
async function leaveOutPublicAuthorities(client: ClusterClient): Promise<void> {
  const isPublic = ({ spec }: KubeObject & { spec?: { acme?: unknown } }) =>
    spec?.acme !== undefined;
  const { items } = await client.list({ apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" });
  const certificates = await client.list({ apiVersion: "cert-manager.io/v1", kind: "Certificate" });
  const needing = certificates.items.filter(({ metadata }) =>
    metadata.name !== "backup-postgres-tls"
  );
  for (const object of [...items.filter(isPublic), ...needing]) await client.delete(refOf(object));
}

/**
 * cert-manager asks for the account's token itself from version 1.12 on; the one that builds from source wants a
 * token in a Secret. It is made here for the same account and audience, so that Vault judges it as it would the other.
 */
async function withTokenInSecret(client: ClusterClient): Promise<ObjectRef> {
  const { token } = await client.requestToken(
    { namespace, name: "vault-pki" },
    { audiences: [`vault://${namespace}/vault-pki`] },
  );
  await client.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "vault-pki-token", namespace },
    stringData: { token },
  });
  const issuer = ref("cert-manager.io/v1", "Issuer", "vault-pki");
  const secretRef = { name: "vault-pki-token", key: "token" };
  const kubernetes = { serviceAccountRef: null, secretRef };
  await client.patch(issuer, { spec: { vault: { auth: { kubernetes } } } });
  return issuer;
}

/** Do something in the second Vault by a root token of its kept recovery shares. */
async function asRoot<T>(
  { context, stateHome }: Ground,
  work: (vault: VaultClient) => Promise<T>,
): Promise<T> {
  const here = { ...context, cwd: stateHome };
  const request = {
    platform: "vikingthedev",
    env: "dev",
    vault: "vault",
    identity: [identities],
  };
  await using open = await openVault(request, here);
  return await withVaultToken(open, request, here, work);
}
