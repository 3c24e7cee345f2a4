import "reflect-metadata";
import { SubjectAlternativeNameExtension, X509Certificate } from "@peculiar/x509";
import assert from "node:assert/strict";
import { configureVault } from "../../lib/flows/vault/configure_client.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { isVaultConverged } from "../../lib/vault/configure/change.ts";
import { planVault } from "../../lib/vault/configure/plan.ts";
import { listNames, readData } from "../../lib/vault/read.ts";
import { hasProblem } from "../../lib/vault/errors.ts";
import { agentOf, withVaultAgent } from "./vault_agent_process.ts";
import {
  answeringContext,
  desiredInTest,
  platformOf,
  withRootedVault,
} from "./configured_vault.ts";

const folder = "/";

/** A client that dies at its n-th write: once Vault has done it, or before it is sent. */
function dyingAt(client: VaultClient, write: number, isDone: boolean): VaultClient {
  let writes = 0;
  return {
    ...client,
    async request<T>(...args: Parameters<VaultClient["request"]>) {
      const isWrite = args[0] !== "GET" && args[0] !== "LIST" && !args[1].endsWith("/lookup");
      if (!isWrite || ++writes < write) return await client.request<T>(...args);
      if (isDone) await client.request(...args);
      throw new Error("killed");
    },
  };
}

interface Issued {
  certificate: string;
  issuing_ca: string;
  ca_chain: string[];
  private_key: string;
}

Deno.test("VikingTheDev's Vault is brought to what its platform wants, and serves mTLS", async (t) => {
  await withRootedVault(async ({ vault, root }) => {
    const platform = await platformOf("vikingthedev", "dev");
    const desired = await desiredInTest(platform, "vault", `${vault.folder}/audit.log`);
    const now = Temporal.Now.instant();
    const kv = async (path: string) =>
      (await readData<{ data: Record<string, string>; metadata: { version: number } }>(
        root,
        `secret/data/${path}`,
      ))!;
    const login = async (role: string) => {
      const { data } = await kv(`homepage/approle/${role}`);
      return await root.withToken(undefined).request<{ auth: { client_token: string } }>(
        "POST",
        "auth/approle/login",
        { body: { role_id: data["role-id"], secret_id: data["secret-id"] } },
      );
    };

    await t.step(
      "killed at each of its writes, before and after, it goes on to the end",
      async () => {
        let runs = 0;
        for (;; runs++) {
          assert.ok(runs < 200, "it comes to an end");
          // In turns: the write is lost; it is done and nobody hears of it; two more are done.
          const client = dyingAt(root, runs % 3 === 2 ? 3 : 1, runs % 3 !== 0);
          const died = await configureVault(client, desired, answeringContext(), { folder })
            .then(() => false, (error) => {
              assert.match(error.message, /killed/);
              return true;
            });
          if (!died) break;
        }
        assert.ok(runs > 20, `${runs} runs`);
        const plan = await planVault(root, desired, { now });
        assert.ok(isVaultConverged(plan));
        assert.deepEqual(plan.notes, []);
        for (const role of ["backend", "postgresql"]) {
          const ids = await listNames(root, `auth/approle/role/${role}/secret-id`);
          assert.equal(ids.length, 1, `${role} has no secret ids that nobody knows`);
          assert.equal((await kv(`homepage/approle/${role}`)).metadata.version, 1);
        }
        assert.equal((await listNames(root, "pki-intermediate/keys")).length, 1);
        assert.equal((await listNames(root, "pki/issuers")).length, 1);
      },
    );

    await t.step(
      "the backend logs in by AppRole, and gets a certificate up to the root",
      async () => {
        const backend = root.withToken((await login("backend"))!.auth.client_token);
        const { data } = (await backend.request<{ data: Issued }>(
          "POST",
          "pki-intermediate/issue/backend",
          { body: { common_name: "backend", ttl: "72h" } },
        ))!;
        const leaf = new X509Certificate(data.certificate);
        const [intermediate, rootCa] = data.ca_chain.map((pem) => new X509Certificate(pem));
        assert.ok(await leaf.verify({ publicKey: intermediate!.publicKey }));
        assert.ok(await intermediate!.verify({ publicKey: rootCa!.publicKey }));
        assert.ok(await rootCa!.isSelfSigned());
        assert.equal(rootCa!.subject, "CN=VikingTheDev Root CA");
        assert.equal(intermediate!.subject, "CN=VikingTheDev Intermediate CA");
        const names = leaf.getExtension(SubjectAlternativeNameExtension)!.names.toJSON();
        assert.deepEqual(names, [{ type: "dns", value: "backend" }]);
        const hours = (leaf.notAfter.getTime() - Date.now()) / 3_600_000;
        assert.ok(hours > 71.9 && hours <= 72, `${hours} h`);
        const years = (rootCa!.notAfter.getTime() - Date.now()) / (365 * 86_400_000);
        assert.ok(years > 9.9 && years <= 10, `${years} years`);
      },
    );

    await t.step("other names, longer times and others' roles are refused", async () => {
      const backend = root.withToken((await login("backend"))!.auth.client_token);
      const issue = (role: string, body: Record<string, string>) =>
        backend.request("POST", `pki-intermediate/issue/${role}`, { body });
      await assert.rejects(
        issue("backend", { common_name: "postgresql" }),
        /common name postgresql not allowed by this role/,
      );
      await assert.rejects(
        issue("backend", { common_name: "a.backend" }),
        /not allowed by this role/,
      );
      await assert.rejects(
        issue("postgresql", { common_name: "postgresql" }),
        (error) => hasProblem(error, "permission-denied"),
      );
      await assert.rejects(
        readData(backend, "secret/data/monitoring/grafana"),
        (error) => hasProblem(error, "permission-denied"),
      );
      assert.ok(await readData(backend, "secret/data/homepage/database"));
    });

    await t.step(
      "a secret id is changed by deleting it: a new one arrives, and the old one opens nothing",
      async () => {
        const old = (await kv("homepage/approle/backend")).data;
        await root.request("DELETE", "secret/metadata/homepage/approle/backend");
        await configureVault(root, desired, answeringContext(), { folder });
        const { data } = await kv("homepage/approle/backend");
        assert.equal(data["role-id"], old["role-id"]);
        assert.notEqual(data["secret-id"], old["secret-id"]);
        assert.ok((await login("backend"))?.auth.client_token);
        await assert.rejects(
          root.withToken(undefined).request("POST", "auth/approle/login", {
            body: { role_id: old["role-id"], secret_id: old["secret-id"] },
          }),
          /invalid (role or )?secret id/i,
        );
      },
    );

    await t.step("an authority is never replaced, and its end is told in time", async () => {
      const renamed = {
        ...desired,
        authorities: desired.authorities.map((authority) => ({ ...authority, commonName: "New" })),
      };
      const before = await readData<{ certificate: string }>(root, "pki/issuer/default");
      const { plan } = await configureVault(root, renamed, answeringContext(), { folder });
      assert.deepEqual(
        plan!.changes.filter(({ kind }) => kind === "authority").map(({ action }) => action),
        ["kept", "kept"],
      );
      assert.match(plan!.notes[0]!.message, /is called VikingTheDev Root CA, not New/);
      const after = await readData<{ certificate: string }>(root, "pki/issuer/default");
      assert.equal(after!.certificate, before!.certificate);
      const late = await planVault(root, desired, { now: now.add({ hours: 24 * 365 * 4.7 }) });
      assert.match(late.notes[0]!.message, /^The authority pki-intermediate ends in 1\d\d days/);
      assert.equal(late.notes.length, 1);
      const tooLate = await planVault(root, desired, { now: now.add({ hours: 24 * 365 * 6 }) });
      assert.match(tooLate.notes[0]!.message, /^The authority pki-intermediate has ended/);
    });

    await t.step(
      "a real agent delivers PostgreSQL's certificate, renews it, and has it read again",
      async () => {
        const { data } = await kv("homepage/approle/postgresql");
        const agent = agentOf(platform.postgres["postgresql"]!);
        await withVaultAgent({
          address: vault.address,
          agent,
          roleId: data["role-id"]!,
          secretId: data["secret-id"]!,
          // Three days are too long for a test.
          ttl: { from: "ttl=72h", to: "ttl=6s" },
        }, async ({ files, reloads }) => {
          const first = await files.until("tls.crt", () => true);
          const [leaf, issuer] = first.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!
            .map((pem) => new X509Certificate(pem));
          assert.equal(leaf!.subject, "CN=postgresql");
          assert.ok(await leaf!.verify({ publicKey: issuer!.publicKey }));
          const ca = new X509Certificate(await files.until("ca.crt", () => true));
          assert.ok(await issuer!.verify({ publicKey: ca.publicKey }));
          await files.keyFits("tls.crt", "tls.key");
          assert.equal(await files.mode("tls.key"), 0o600);
          assert.equal(await files.mode("tls.crt"), 0o640);
          const before = await reloads();
          const second = await files.until("tls.crt", (text) => text !== first);
          const [pem] = second.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!;
          const renewed = new X509Certificate(pem!);
          assert.ok(renewed.notAfter > leaf!.notAfter);
          // Vault dates certificates back by 30 s.
          const renewedAt = renewed.notBefore.getTime() + 30_000;
          assert.ok(renewedAt < leaf!.notAfter.getTime(), "renewed before its end");
          await files.reloadedAfter(before);
          await files.keyFits("tls.crt", "tls.key");
        });
      },
    );
  });
});

Deno.test("VikingTheDev's other Vault has no more than the key, and a token for it", async () => {
  await withRootedVault(async ({ vault, root }) => {
    const platform = await platformOf("vikingthedev", "dev");
    const desired = await desiredInTest(platform, "vault-bootstrap", `${vault.folder}/audit.log`);
    await configureVault(root, desired, answeringContext(), { folder });
    assert.ok(isVaultConverged(await planVault(root, desired, { now: Temporal.Now.instant() })));
    const made = await root.request<
      { auth: { client_token: string; orphan: boolean; lease_duration: number } }
    >("POST", "auth/token/create/unseal");
    const { client_token, orphan, lease_duration } = made!.auth;
    assert.ok(orphan, "it outlives the root token that made it");
    assert.equal(lease_duration, 768 * 3_600);
    const unseal = root.withToken(client_token);
    const { data } = (await unseal.request<{ data: { ciphertext: string } }>(
      "POST",
      "transit/encrypt/autounseal",
      { body: { plaintext: btoa("key") } },
    ))!;
    const back = await unseal.request<{ data: { plaintext: string } }>(
      "POST",
      "transit/decrypt/autounseal",
      { body: { ciphertext: data.ciphertext } },
    );
    assert.equal(atob(back!.data.plaintext), "key");
    await unseal.request("POST", "auth/token/renew-self");
    await assert.rejects(
      readData(unseal, "transit/keys/autounseal"),
      (error) => hasProblem(error, "permission-denied"),
    );
    const key = await readData(root, "transit/keys/autounseal");
    assert.equal(key!["exportable"], false);
    assert.equal(key!["deletion_allowed"], false);
  });
});
