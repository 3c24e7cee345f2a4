import assert from "node:assert/strict";
import { configureVault } from "../../lib/flows/vault/configure_client.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { isVaultConverged, subjectOfChange } from "../../lib/vault/configure/change.ts";
import type { DesiredVault } from "../../lib/vault/configure/desired.ts";
import { planVault } from "../../lib/vault/configure/plan.ts";
import { readData } from "../../lib/vault/read.ts";
import { hasProblem } from "../../lib/vault/errors.ts";
import {
  answeringContext,
  auditLines,
  desiredInTest,
  platformOf,
  withRootedVault,
  writesIn,
} from "./configured_vault.ts";

const folder = "/";

interface KvSecret {
  data: Record<string, string>;
  metadata: { version: number };
}

function changed(plan: Awaited<ReturnType<typeof planVault>>): string[] {
  return plan.changes.filter(({ action }) => action !== "unchanged")
    .map((change) => `${change.action} ${subjectOfChange(change)}`);
}

/** A client with a new token of some policies. */
async function withPolicies(root: VaultClient, policies: readonly string[]): Promise<VaultClient> {
  const made = await root.request<{ auth: { client_token: string } }>(
    "POST",
    "auth/token/create",
    { body: { policies, no_default_policy: true, ttl: "10m" } },
  );
  return root.withToken(made!.auth.client_token);
}

const isDenied = (error: unknown) => hasProblem(error, "permission-denied");

Deno.test("BareUptime's Vault is brought to what its platform wants, and kept so", async (t) => {
  await withRootedVault(async ({ vault, root }) => {
    const platform = await platformOf("bareuptime", "production");
    const auditFile = `${vault.folder}/audit.log`;
    const desired = await desiredInTest(platform, "vault", auditFile);
    const now = Temporal.Now.instant();
    const secret = (path: string) => readData<KvSecret>(root, `secret/data/${path}`);
    const again = (wanted: DesiredVault = desired) =>
      configureVault(root, wanted, answeringContext(), { folder });

    await t.step("the first run makes everything, and asks for what only people know", async () => {
      const context = answeringContext();
      const { result } = await configureVault(root, desired, context, { folder });
      assert.equal(result.created, 19);
      assert.deepEqual(result.left, []);
      const { data } = (await secret("bareuptime/auth"))!;
      assert.equal(data["GITHUB_CLIENT_ID"], "answer to: Client id of the GitHub OAuth app");
      assert.match((await secret("bareuptime/config"))!.data["JWT_SECRET"]!, /^[A-Za-z0-9]{64}$/);
      const told = JSON.stringify(context.events);
      assert.ok(!told.includes("answer to:"), "events tell no values");
      assert.ok(!told.includes((await secret("bareuptime/config"))!.data["JWT_SECRET"]!));
    });

    await t.step(
      "the second run finds nothing to do, and Vault's audit log has no write",
      async () => {
        const before = (await auditLines(auditFile)).length;
        const { plan, result } = await again();
        assert.ok(isVaultConverged(plan!), changed(plan!).join("\n"));
        assert.equal(result.unchanged, 19);
        assert.deepEqual(await writesIn(auditFile, before), []);
        assert.ok((await writesIn(auditFile)).length >= 18, "the log has the first run's writes");
      },
    );

    await t.step("drift is shown and repaired, and nothing else is written", async () => {
      await root.request("PUT", "sys/policies/acl/kubernetes-backups", {
        body: { policy: 'path "secret/*" {\n  capabilities = ["read"]\n}\n' },
      });
      await root.request("POST", "auth/kubernetes/role/backups", {
        body: {
          bound_service_account_names: "*",
          bound_service_account_namespaces: "*",
          token_policies: ["kubernetes-backups"],
          token_ttl: "1h",
        },
      });
      await root.request("DELETE", "auth/kubernetes/role/backup-vault");
      const before = (await auditLines(auditFile)).length;
      const { plan } = await again();
      assert.deepEqual(changed(plan!), [
        "configured policy kubernetes-backups",
        "configured Kubernetes role kubernetes/backups",
        "created Kubernetes role kubernetes/backup-vault",
      ]);
      assert.deepEqual(plan!.changes.find(({ name }) => name === "kubernetes/backups")!.diff, [
        'bound_service_account_names: ["*"] → ["vault-backups"]',
        'bound_service_account_namespaces: ["*"] → ["external-secrets-system"]',
      ]);
      assert.equal((await writesIn(auditFile, before)).length, 3);
      assert.ok(isVaultConverged(await planVault(root, desired, { now })));
    });

    await t.step(
      "what a person changed stays, and a key that lacks is added beside it",
      async () => {
        await root.request("POST", "secret/data/bareuptime/auth", {
          body: { data: { GITHUB_CLIENT_ID: "by hand", NOTE: "mine" } },
        });
        const { plan } = await again();
        assert.deepEqual(changed(plan!), ["configured secret secret/bareuptime/auth"]);
        assert.match(
          plan!.changes.find(({ name }) => name === "secret/bareuptime/auth")!.because!,
          /^1 of 2 keys are there, GITHUB_CLIENT_SECRET is missing$/,
        );
        assert.deepEqual((await secret("bareuptime/auth"))!.data, {
          GITHUB_CLIENT_ID: "by hand",
          GITHUB_CLIENT_SECRET: "answer to: Client secret of the GitHub OAuth app",
          NOTE: "mine",
        });
      },
    );

    await t.step("two runs at once write each secret once", async () => {
      await root.request("DELETE", "secret/metadata/bareuptime/config");
      await Promise.all([again(), again(), again()]);
      const { data, metadata } = (await secret("bareuptime/config"))!;
      assert.equal(metadata.version, 1);
      assert.equal(Object.keys(data).length, 2);
    });

    await t.step("a value that nobody gives is left out, and said", async () => {
      await root.request("DELETE", "secret/metadata/bareuptime/config");
      const context = answeringContext({ askSecret: () => Promise.resolve("") });
      const { result } = await configureVault(root, desired, context, { folder });
      assert.deepEqual(result.left, ["secret/bareuptime/config BREVO_API_KEY"]);
      assert.deepEqual(Object.keys((await secret("bareuptime/config"))!.data), ["JWT_SECRET"]);
      assert.ok(
        context.events.some((event) =>
          event.type === "change" &&
          event.because === "1 of 2 keys seeded, BREVO_API_KEY is missing"
        ),
      );
      const given = { "secret/bareuptime/config": { BREVO_API_KEY: "from a file", TYPO: "lost" } };
      const second = answeringContext();
      await configureVault(root, desired, second, { folder, given });
      assert.equal((await secret("bareuptime/config"))!.data["BREVO_API_KEY"], "from a file");
      assert.ok(
        second.events.some((event) =>
          event.type === "note" && /secret\/bareuptime\/config TYPO, which/.test(event.message)
        ),
      );
    });

    await t.step("a secret that somebody deleted does not come back by itself", async () => {
      await root.request("DELETE", "secret/data/shared/redis");
      const { plan, result } = await again();
      assert.equal(result.created, 0);
      const change = plan!.changes.find(({ name }) => name === "secret/shared/redis")!;
      assert.equal(change.action, "kept");
      assert.match(change.remedy!, /vault kv undelete -versions=1 secret\/shared\/redis/);
      await root.request("POST", "secret/undelete/shared/redis", { body: { versions: [1] } });
    });

    await t.step("a policy opens the paths of its Secrets, and no other", async () => {
      const backups = await withPolicies(root, ["kubernetes-backups"]);
      assert.ok(await readData(backups, "secret/data/bareuptime/backups"));
      await assert.rejects(readData(backups, "secret/data/bareuptime/database"), isDenied);
      await assert.rejects(readData(backups, "secret/metadata/bareuptime/backups"), isDenied);
      await assert.rejects(
        backups.request("POST", "secret/data/bareuptime/backups", { body: { data: {} } }),
        isDenied,
      );
      const backend = await withPolicies(root, ["kubernetes-bareuptime-backend"]);
      for (
        const path of [
          "bareuptime/database",
          "shared/redis",
          "bareuptime/auth",
          "bareuptime/config",
          "bareuptime/google-service-account",
          "shared/clickhouse",
        ]
      ) assert.ok(await readData(backend, `secret/data/${path}`), path);
      await assert.rejects(readData(backend, "secret/data/shared/other"), isDenied);
    });

    await t.step(
      "a token that may not do it is told what it lacks, before anything changed",
      async () => {
        const weak = await withPolicies(root, ["kubernetes-backups"]);
        await assert.rejects(
          configureVault(weak, desired, answeringContext(), { folder }),
          /the token's policies do not allow "read" on sys\//,
        );
      },
    );

    await t.step(
      "what the platform does not name is counted, and goes only when that is asked for",
      async () => {
        await root.request("PUT", "sys/policies/acl/by-hand", {
          body: { policy: 'path "sys/health" { capabilities = ["read"] }' },
        });
        await root.request("POST", "auth/kubernetes/role/by-hand", {
          body: { bound_service_account_names: "a", bound_service_account_namespaces: "b" },
        });
        await root.request("POST", "sys/mounts/old-kv", { body: { type: "kv" } });
        await root.request("POST", "secret/data/by-hand", { body: { data: { KEY: "value" } } });
        const { plan } = await again();
        assert.ok(isVaultConverged(plan!));
        assert.deepEqual(plan!.unmanaged, {
          policy: 1,
          "Kubernetes role": 1,
          "secrets engine": 1,
        });
        const purged = await configureVault(root, desired, answeringContext(), {
          folder,
          purge: true,
        });
        assert.deepEqual(changed(purged.plan!), [
          "pruned Kubernetes role kubernetes/by-hand",
          "pruned policy by-hand",
        ]);
        assert.ok(await readData(root, "sys/mounts/old-kv"), "a mount stays");
        assert.ok(await secret("by-hand"), "a secret stays");
        const byName = await configureVault(root, desired, answeringContext(), {
          folder,
          purgeMounts: ["old-kv"],
        });
        assert.deepEqual(changed(byName.plan!), ["pruned secrets engine old-kv"]);
        assert.ok(isVaultConverged((await again()).plan!));
      },
    );

    await t.step(
      "what cannot be changed in place stops the run before it changes anything",
      async () => {
        const other: DesiredVault = {
          ...desired,
          mounts: [...desired.mounts, { path: "more", type: "kv", options: { version: "2" } }],
          auth: [{ path: "kubernetes", type: "approle" }],
        };
        await assert.rejects(
          again(other),
          /Nothing was changed: .*\n {2}auth method kubernetes: type: "kubernetes" → "approle"/,
        );
        assert.equal(await readData(root, "sys/mounts/more").catch(() => undefined), undefined);
      },
    );
  });
});
