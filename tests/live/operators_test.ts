import assert from "node:assert/strict";
import { type KubeObject, type Manifest, refOf } from "../../lib/core/object.ts";
import { startCluster } from "../../lib/flows/embedded/cluster.ts";
import { runOperators } from "../../lib/flows/embedded/operators.ts";
import { ready, waiting } from "../../lib/kube/ready/verdict.ts";
import { waitUntil } from "../../lib/kube/wait/until.ts";
import { throwIfNotReady, waitUntilReady } from "../../lib/kube/wait/wait.ts";
import { withGround } from "../e2e/ground.ts";

const name = "operators";
const at = (name: string) => ({ name, namespace: "default" });

/** An issuer whose certificates vouch for themselves. */
const issuer: Manifest = {
  apiVersion: "cert-manager.io/v1",
  kind: "ClusterIssuer",
  metadata: { name: "self" },
  spec: { selfSigned: {} },
};

const certificate = (name: string): Manifest => ({
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: at(name),
  spec: {
    secretName: name,
    dnsNames: ["web.default.svc"],
    issuerRef: { kind: "ClusterIssuer", name: "self" },
  },
});

/** An issuer that would ask a public authority for an account. */
const publicIssuer: Manifest = {
  apiVersion: "cert-manager.io/v1",
  kind: "ClusterIssuer",
  metadata: { name: "public" },
  spec: {
    acme: {
      server: "https://acme.example.org/directory",
      privateKeySecretRef: { name: "account" },
      solvers: [{ http01: { ingress: {} } }],
    },
  },
};

/** A store that holds its values itself, and a Secret from it. */
const secrets: Manifest[] = [
  {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: at("store"),
    spec: { provider: { fake: { data: [{ key: "shop/database", value: "from the store" }] } } },
  },
  {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: at("database"),
    spec: {
      refreshInterval: "1h",
      secretStoreRef: { kind: "SecretStore", name: "store" },
      target: { name: "database" },
      data: [{ secretKey: "password", remoteRef: { key: "shop/database" } }],
    },
  },
];

function messageOfIssuer(object: KubeObject | undefined): string | undefined {
  const { status } = (object ?? {}) as { status?: { conditions?: { message?: string }[] } };
  return status?.conditions?.[0]?.message;
}

Deno.test("operators do their work with the rights that they are given, and go on after a restart", async (t) => {
  await withGround(async ({ context, asAdmin, run, folderOf }) => {
    await startCluster(name, context);
    const bringAbout = (manifests: readonly Manifest[]) =>
      asAdmin(async (client) => {
        for (const manifest of manifests) await client.apply(manifest);
        throwIfNotReady(
          await waitUntilReady(client, manifests.map(refOf), { ...context, timeoutMs: 60_000 }),
        );
      }, name);
    const valueOf = (secret: string, key: string) =>
      asAdmin(async (client) => {
        const ref = { apiVersion: "v1", kind: "Secret", ...at(secret) };
        const found = await client.get(ref);
        return atob((found as unknown as { data: Record<string, string> }).data[key]!);
      }, name);

    await t.step("cert-manager issues a certificate", async () => {
      await runOperators(name, ["cert-manager"], context);
      await bringAbout([issuer, certificate("web-tls")]);
      assert.match(await valueOf("web-tls", "tls.crt"), /^-----BEGIN CERTIFICATE-----/);
    });

    await t.step("cert-manager reaches no authority that is not on this machine", async () => {
      await asAdmin(async (client) => {
        await client.apply(publicIssuer);
        const failed = await waitUntil(client, refOf(publicIssuer), (object) => {
          const message = messageOfIssuer(object);
          return message === undefined ? waiting("not seen yet") : ready(message);
        }, { ...context, purpose: "cert-manager's attempt", timeoutMs: 30_000 });
        const message = messageOfIssuer(failed) ?? "";
        assert.match(message, /proxyconnect .*connection refused/);
      }, name);
    });

    await t.step("External Secrets syncs a Secret", async () => {
      await runOperators(name, ["external-secrets"], context);
      await bringAbout(secrets);
      assert.equal(await valueOf("database", "password"), "from the store");
    });

    await t.step("both start again with their cluster", async () => {
      assert.equal((await run(["cluster", "down", "--name", name])).code, 0);
      const up = await run(["cluster", "up", "--name", name, "--json"]);
      assert.equal(up.code, 0, up.stderr);
      await bringAbout([certificate("api-tls")]);
      assert.match(await valueOf("api-tls", "tls.crt"), /^-----BEGIN CERTIFICATE-----/);
    });

    await t.step("neither was refused anything", async () => {
      for (const operator of ["cert-manager", "external-secrets"]) {
        const log = await Deno.readTextFile(`${folderOf(name)}/logs/${operator}.log`);
        assert.deepEqual(log.split("\n").filter((line) => /forbidden/i.test(line)), []);
      }
    });
  }, [name]);
});
