import assert from "node:assert/strict";
import { makeCertificate } from "../../lib/core/certificate.ts";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { placeholderLabel } from "../../lib/core/labels.ts";
import type { KubeObject, Manifest } from "../../lib/core/object.ts";
import { startCluster } from "../../lib/flows/embedded/cluster.ts";
import { runOperators } from "../../lib/flows/embedded/operators.ts";
import { runService, stopService } from "../../lib/flows/embedded/services.ts";
import { startVaultServers, vaultProcesses } from "../../lib/flows/vault/processes.ts";
import { findServices } from "../../lib/local/services/running.ts";
import { chooseCertificate, readCertificates } from "../../lib/seal/certificate.ts";
import { sealValue } from "../../lib/seal/format.ts";
import { samplePlatform } from "../platform/sample_platform.ts";
import { sampleVault } from "../platform/sample_vault.ts";
import { type Ground, withGround } from "./ground.ts";
import { summaryOf } from "./task.ts";

const name = "beside";

const platform = samplePlatform({
  vaults: {
    vault: sampleVault({
      storage: { storageClass: "local-path", size: "1Gi" },
      tls: { secret: "vault-tls" },
    }),
    elsewhere: { outside: { address: "https://vault.example.org:8200" } },
  },
});

const secretRef = (namespace: string, name: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace,
  name,
});

/** A new authority, and a certificate of Vault's listener that it signed. */
async function issue(ip: string) {
  const now = Temporal.Now.instant();
  const valid = { notBefore: now.subtract({ hours: 1 }), notAfter: now.add({ hours: 24 }) };
  const ca = await makeCertificate({ commonName: "test authority", ...valid });
  const own = await makeCertificate({ commonName: "vault", serverNames: [ip], ...valid }, ca);
  return { ca: ca.cert, ...own };
}

async function sealStatus(address: string, ca: string): Promise<{ initialized: boolean }> {
  using client = Deno.createHttpClient({ caCerts: [ca] });
  const answer = await fetch(`${address}/v1/sys/seal-status`, { client });
  return await answer.json();
}

/** The object once it is as wanted. */
async function once(
  client: ClusterClient,
  query: { apiVersion: string; kind: string; namespace: string; name: string },
  isRight: (object: KubeObject) => boolean,
): Promise<KubeObject> {
  const { name, ...rest } = query;
  const signal = AbortSignal.timeout(20_000);
  const fieldSelector = `metadata.name=${name}`;
  for await (const event of client.watch({ ...rest, fieldSelector }, { signal })) {
    if (event.type === "synced" || event.type === "deleted") continue;
    if (isRight(event.object)) return event.object;
  }
  throw new Error(`${query.kind} ${name} did not become as wanted`);
}

/** Files below a folder, and arguments of processes, that hold one of these texts. */
async function tracesOf(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const holds = (bytes: Uint8Array) => {
    const text = new TextDecoder("latin1").decode(bytes);
    return texts.some((each) => text.includes(each));
  };
  const look = async (path: string): Promise<void> => {
    for await (const entry of Deno.readDir(path)) {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory) await look(inside);
      else if (entry.isFile && holds(await Deno.readFile(inside))) found.push(inside);
    }
  };
  await look(folder);
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readFile(`/proc/${name}/cmdline`).catch(() => new Uint8Array());
    if (holds(line)) found.push(`arguments of process ${name}`);
  }
  return found;
}

async function pidOf({ folderOf }: Ground, service: string): Promise<number> {
  const running = await findServices(folderOf(name));
  const found = running.filter((each) => each.name === service);
  assert.equal(found.length, 1, `${service} runs once`);
  return found[0]!.pid;
}

async function prepare(client: ClusterClient): Promise<void> {
  const namespace: Manifest = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "vault" },
  };
  await client.apply(namespace);
  const metadata = { name: "vault", namespace: "vault" };
  await client.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
}

async function giveTls(
  client: ClusterClient,
  { ca, cert, key }: Awaited<ReturnType<typeof issue>>,
): Promise<void> {
  await client.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "vault-tls", namespace: "vault" },
    stringData: { "tls.crt": cert, "tls.key": key, "ca.crt": ca },
  });
}

Deno.test("services beside an embedded cluster, from their start to its reset", async (t) => {
  await withGround(async (ground) => {
    const { context, asAdmin: asAdminOf, folderOf, run } = ground;
    const folder = folderOf(name);
    const asAdmin = <T>(work: (client: ClusterClient) => Promise<T>) => asAdminOf(work, name);
    await startCluster(name, context);
    await asAdmin(prepare);
    const [server] = await vaultProcesses(name, platform, "vault", context);
    const { ip, address } = server!;
    let tls = await issue(ip);

    await t.step(
      "a service that lacks a Secret is not started, and is told what it lacks",
      async () => {
        await assert.rejects(
          startVaultServers(name, platform, "vault", context),
          /Cannot start vault-0\.vault: there is no Secret vault\/vault-tls/,
        );
        assert.deepEqual(await findServices(folder), []);
      },
    );

    await t.step("a Vault serves HTTPS with a certificate that only it has", async () => {
      await asAdmin((client) => giveTls(client, tls));
      await startVaultServers(name, platform, "vault", context);
      assert.equal((await sealStatus(address, tls.ca)).initialized, false);
      const root = `/proc/${await pidOf(ground, "vault-0.vault")}/root`;
      assert.equal(await Deno.readTextFile(`${root}/run/vault/tls/tls.key`), tls.key);
      await assert.rejects(Deno.stat("/run/vault/tls/tls.key"), Deno.errors.NotFound);
    });

    await t.step("it has a service account's token, and names as a pod has them", async () => {
      const root = `/proc/${await pidOf(ground, "vault-0.vault")}/root`;
      const account = `${root}/run/secrets/kubernetes.io/serviceaccount`;
      assert.equal(await Deno.readTextFile(`${account}/namespace`), "vault");
      const token = await Deno.readTextFile(`${account}/token`);
      const { exp } = JSON.parse(
        new TextDecoder().decode(
          Uint8Array.fromBase64(token.split(".")[1]!, { alphabet: "base64url" }),
        ),
      );
      assert.ok(exp - Date.now() / 1000 > 365 * 24 * 3600, "nobody renews it");
      const server = await asAdmin((client) => Promise.resolve(client.server));
      using client = Deno.createHttpClient({
        caCerts: [await Deno.readTextFile(`${account}/ca.crt`)],
      });
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${server}/api/v1/namespaces/vault/secrets`, { client, headers });
      assert.match((await answer.json()).message, /serviceaccount:vault:vault" cannot list/);
      const hosts = await Deno.readTextFile(`${root}/etc/hosts`);
      assert.match(hosts, new RegExp(`^${ip} vault\\.vault\\.svc$`, "m"));
      assert.match(hosts, new RegExp(`^${ip} vault-0\\.vault-internal\\.vault\\.svc$`, "m"));
    });

    await t.step("neither key nor token stands in a file, a log or an argument", async () => {
      const root = `/proc/${await pidOf(ground, "vault-0.vault")}/root`;
      const token = await Deno.readTextFile(
        `${root}/run/secrets/kubernetes.io/serviceaccount/token`,
      );
      const keyLine = tls.key.split("\n")[1]!;
      const texts = [keyLine, btoa(tls.key).slice(0, 200), token, btoa(token).slice(0, 200)];
      assert.deepEqual(await tracesOf(folder, texts), []);
    });

    await t.step("a certificate that was renewed is served by the same process", async () => {
      const before = await pidOf(ground, "vault-0.vault");
      tls = await issue(ip);
      await asAdmin((client) => giveTls(client, tls));
      await startVaultServers(name, platform, "vault", context);
      const deadline = Date.now() + 10_000;
      // Vault does not tell when it has read its files again.
      while (Date.now() < deadline && !await trusts(address, tls.ca)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal((await sealStatus(address, tls.ca)).initialized, false);
      assert.equal(await pidOf(ground, "vault-0.vault"), before);
    });

    await t.step(
      "a service that was killed is told with the end of its log, and up starts it",
      async () => {
        const before = await pidOf(ground, "vault-0.vault");
        Deno.kill(before, "SIGKILL");
        while ((await findServices(folder)).length > 0) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const status = await run(["cluster", "status", "--name", name, "--json"]);
        assert.equal(status.code, 5, status.stderr);
        const told = status.lines.map(({ message }) => String(message)).join("\n");
        assert.match(told, /vault-0\.vault does not run; its log ends with:\n\s+\S/);
        const up = await run(["cluster", "up", "--name", name, "--json"]);
        assert.equal(up.code, 0, up.stderr);
        assert.deepEqual(summaryOf(up)["services"], ["vault-0.vault"]);
        assert.notEqual(await pidOf(ground, "vault-0.vault"), before);
        await sealStatus(address, tls.ca);
      },
    );

    await t.step("a service that ends at once says why, and leaves nothing behind", async () => {
      const service = {
        name: "broken",
        program: "vault",
        args: ["server", "-config=/run/nothing.hcl"],
        folder: "volumes/broken",
        listensAt: { address: "127.0.0.1", port: 1 },
      };
      await assert.rejects(
        runService(name, service, context),
        /broken ended with exit code 1 while it started; its log ends with:[^]*nothing\.hcl/,
      );
      assert.equal(await stopService(name, "broken", context), false, "it is not kept");
    });

    await t.step(
      "an operator opens what was sealed for it, also where a placeholder stood",
      async () => {
        const [operator] = await runOperators(name, ["sealed-secrets"], context);
        const pem = await (await fetch(`${operator!.url}/v1/cert.pem`)).text();
        await stopService(name, "sealed-secrets", context);
        const certificate = chooseCertificate(await readCertificates(pem, "the controller"), {
          now: Temporal.Now.instant(),
          source: "the controller",
        });
        const value = new TextEncoder().encode("opened by the controller");
        const place = { name: "sealed", namespace: "vault" };
        await asAdmin(async (client) => {
          await client.apply({
            apiVersion: "v1",
            kind: "Secret",
            metadata: { ...place, labels: { [placeholderLabel]: "true" } },
            stringData: { text: "placeholder" },
          });
          await client.apply({
            apiVersion: "bitnami.com/v1alpha1",
            kind: "SealedSecret",
            metadata: place,
            spec: {
              encryptedData: {
                text: await sealValue(value, certificate.publicKey, "vault/sealed"),
              },
              template: { metadata: place },
            },
          });
          await runOperators(name, ["sealed-secrets"], context);
          const opened = await once(
            client,
            secretRef("vault", "sealed"),
            (secret) => (secret as { data?: { text?: string } }).data?.text === value.toBase64(),
          );
          assert.equal(opened.metadata.labels?.[placeholderLabel], undefined);
        });
      },
    );

    await t.step(
      "a Vault outside of the cluster stays when it is reset, unless that is asked for",
      async () => {
        const [outside] = await startVaultServers(name, platform, "elsewhere", context);
        const reset = await run(["cluster", "reset", "--name", name, "--yes", "--json"]);
        assert.equal(reset.code, 0, reset.stderr);
        assert.deepEqual(await findServices(folder), []);
        assert.match(JSON.stringify(reset.lines), /elsewhere outside of it stays/);
        const answer = await fetch(`${outside!.address}/v1/sys/seal-status`);
        assert.equal((await answer.json()).initialized, false);
        await run(["cluster", "reset", "--name", name, "--yes", "--outside", "--json"]);
        await assert.rejects(fetch(`${outside!.address}/v1/sys/seal-status`), TypeError);
      },
    );
  }, [name]);
});

async function trusts(address: string, ca: string): Promise<boolean> {
  try {
    await sealStatus(address, ca);
    return true;
  } catch {
    return false;
  }
}
