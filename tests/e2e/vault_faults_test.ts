import assert from "node:assert/strict";
import { ExitCode, SlipwayError } from "../../lib/core/errors.ts";
import { installVault } from "../../lib/flows/vault/install.ts";
import { unsealVault } from "../../lib/flows/vault/unseal.ts";
import type { VaultProblem } from "../../lib/vault/errors.ts";
import { VaultError } from "../../lib/vault/errors.ts";
import { createVaultClient } from "../../lib/vault/http.ts";
import { initialize } from "../../lib/vault/initialize.ts";
import { revokeSelf } from "../../lib/vault/root.ts";
import { giveShare } from "../../lib/vault/unseal.ts";
import { untilUnsealed } from "../../lib/flows/vault/unseal_servers.ts";
import { freePort } from "../../lib/local/ports.ts";
import { withInstallation } from "./vault_installation.ts";
import { serverCertificate, startVault } from "./vault_process.ts";

const once = { attempts: 1 };

/** What a fault is to be told as. */
interface Told {
  problem: VaultProblem;
  message: RegExp;
  remedy: RegExp;
}

async function tells(request: Promise<unknown>, { problem, message, remedy }: Told) {
  await assert.rejects(request, (error) => {
    assert.ok(error instanceof VaultError, String(error));
    assert.equal(error.problem, problem, error.message);
    assert.match(error.message, message);
    assert.match(error.remedy ?? "", remedy);
    return true;
  });
}

Deno.test("each fault of a Vault is told with its cause and what to do about it", async (t) => {
  const now = Temporal.Now.instant();
  await using vault = await startVault({ tls: true });
  const { client, redactor, caCert, address } = vault;
  const connecting = async (changes: { address?: string; caCerts?: string[] }, told: Told) => {
    const other = createVaultClient({
      address,
      caCerts: [caCert!],
      redactor,
      retry: once,
      ...changes,
    });
    try {
      await tells(other.request("GET", "sys/seal-status"), told);
    } finally {
      other.close();
    }
  };
  const mounts = (token?: string) => client.withToken(token).request("GET", "sys/mounts");

  await t.step(
    "not initialised",
    () =>
      tells(client.request("PUT", "sys/unseal", { body: { key: "AAAA".repeat(8) } }), {
        problem: "not-initialized",
        message: /it is not initialised/,
        remedy: /install-vault/,
      }),
  );
  const { shares, rootToken } = await initialize(client, {
    shares: 1,
    threshold: 1,
    autoUnseal: false,
    redactor,
  });
  await t.step("sealed", () =>
    tells(mounts("hvs.x"), {
      problem: "sealed",
      message: /Cannot GET sys\/mounts at the Vault https:.*: it is sealed/,
      remedy: /unseal-vault/,
    }));
  await giveShare(client, shares[0]!);
  const root = client.withToken(rootToken);
  await untilUnsealed({ name: "vault-0", client }, 10_000, { signal: AbortSignal.timeout(10_000) });
  await root.request("GET", "sys/mounts");

  await t.step("an authority that is not trusted", () =>
    connecting({ caCerts: [] }, {
      problem: "unknown-ca",
      message: /signed by an authority that is not trusted/,
      remedy: /--ca-cert/,
    }));
  await t.step(
    "HTTP where it speaks HTTPS",
    () =>
      connecting({ address: address.replace("https", "http") }, {
        problem: "protocol",
        message: /it speaks HTTPS/,
        remedy: /https/,
      }),
  );
  await t.step("nobody listens", () =>
    connecting({ address: `https://127.0.0.1:${freePort()}` }, {
      problem: "unreachable",
      message: /the connection was refused/,
      remedy: /check that Vault runs/,
    }));
  await t.step(
    "a name that cannot be resolved",
    () =>
      connecting({ address: "https://vault.invalid:8200" }, {
        problem: "name-not-resolved",
        message: /host name cannot be resolved/,
        remedy: /DNS/,
      }),
  );
  await t.step(
    "no token",
    () => tells(mounts(), { problem: "no-token", message: /needs a token/, remedy: /VAULT_TOKEN/ }),
  );
  await t.step("a token that is not known", () =>
    tells(mounts("hvs.unknown"), {
      problem: "token-ended",
      message: /expired, was revoked, or is another Vault's/,
      remedy: /--identity/,
    }));
  const newToken = async () => {
    const answer = await root.request<{ auth: { client_token: string } }>(
      "POST",
      "auth/token/create",
      { body: { policies: ["default"] } },
    );
    return answer!.auth.client_token;
  };
  await t.step("a permission that lacks, with its path and capability", async () => {
    const token = await newToken();
    await tells(mounts(token), {
      problem: "permission-denied",
      message: /do not allow "read" on sys\/mounts/,
      remedy: /capability read on sys\/mounts/,
    });
    await tells(client.withToken(token).request("DELETE", "sys/mounts/secret"), {
      problem: "permission-denied",
      message: /do not allow "delete" on sys\/mounts\/secret/,
      remedy: /capability delete/,
    });
  });
  await t.step("a token that was revoked", async () => {
    const token = await newToken();
    await revokeSelf(client.withToken(token));
    await tells(mounts(token), { problem: "token-ended", message: /revoked/, remedy: /valid now/ });
  });
  await t.step("a token that has expired", async () => {
    const created = await root.request<{ auth: { client_token: string } }>(
      "POST",
      "auth/token/create",
      { body: { policies: ["root"], ttl: "1s" } },
    );
    const ended = () => mounts(created!.auth.client_token);
    await ended();
    for (const deadline = performance.now() + 10_000; performance.now() < deadline;) {
      if (await ended().then(() => false, () => true)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await tells(ended(), { problem: "token-ended", message: /expired/, remedy: /valid now/ });
  });
  await t.step("nothing mounted there", () =>
    tells(root.request("GET", "nowhere/at/all"), {
      problem: "not-found",
      message: /nothing is mounted at nowhere\/at\/all/,
      remedy: /configure-vault/,
    }));
  await t.step("a rate limit", async () => {
    await root.request("POST", "sys/quotas/rate-limit/tight", {
      body: { path: "cubbyhole/", rate: 0.001, block_interval: "60s" },
    });
    const read = () => root.request("GET", "cubbyhole/x", { timeoutMs: 300 });
    await read().catch(() => {});
    await tells(read(), {
      problem: "rate-limited",
      message: /rate limit quota/,
      remedy: /sys\/quotas/,
    });
    await root.request("DELETE", "sys/quotas/rate-limit/tight");
  });
  await t.step("clocks that differ: a certificate that is not valid yet", async () => {
    const tls = await serverCertificate(
      ["127.0.0.1"],
      now.add({ hours: 1 }),
      now.add({ hours: 2 }),
    );
    await vault.restart({ tls });
    await connecting({ caCerts: [tls.ca] }, {
      problem: "certificate-not-yet-valid",
      message: /not valid yet: the clock here or the one where it was made is wrong/,
      remedy: /NTP/,
    });
  });
  await t.step("a certificate that has expired", async () => {
    const tls = await serverCertificate(
      ["127.0.0.1"],
      now.subtract({ hours: 2 }),
      now.subtract({ hours: 1 }),
    );
    await vault.restart({ tls });
    await connecting({ caCerts: [tls.ca] }, {
      problem: "certificate-expired",
      message: /its certificate has expired \(at 20/,
      remedy: /install-vault/,
    });
  });
  await t.step("a certificate for another name", async () => {
    const tls = await serverCertificate(["vault.example.org"]);
    await vault.restart({ tls });
    await connecting({ caCerts: [tls.ca] }, {
      problem: "other-name",
      message: /its certificate is for other names/,
      remedy: /name or address that the certificate has/,
    });
  });
});

Deno.test("a Vault that another one unseals comes back by itself, and says when that one is down", async (t) => {
  await using bootstrap = await startVault({ name: "bootstrap" });
  await using vault = await startVault({ name: "vault-0" });
  await withInstallation(bootstrap.address, async (one) => {
    const request = { platform: one.platform, address: bootstrap.address, keys: one.keys };
    const key = { key: "autounseal", mountPath: "transit" };
    let token = "";
    const identity = one.holders.map(({ identityFile }) => identityFile);

    await t.step("the first one has the key", async () => {
      const { context } = one;
      assert.equal(await installVault(request, context), ExitCode.done);
      const { openVault } = await import("../../lib/flows/vault/open.ts");
      const { collectShares, withRootToken } = await import("../../lib/flows/vault/token.ts");
      await using open = await openVault(request, context);
      const shares = await collectShares(open, { ...request, identity }, context);
      await withRootToken(open, shares, context, async (root) => {
        await root.request("POST", "sys/mounts/transit", { body: { type: "transit" } });
        await root.request("POST", "transit/keys/autounseal", { body: {} });
        const created = await root.request<{ auth: { client_token: string } }>(
          "POST",
          "auth/token/create-orphan",
          { body: { policies: ["root"], period: "1h" } },
        );
        token = created!.auth.client_token;
      });
    });

    await withInstallation(vault.address, async (two) => {
      const { context, keys, platform, holders } = two;
      const request = { platform, address: vault.address, keys };
      const identity = holders.map(({ identityFile }) => identityFile);
      await t.step("shares of another Vault do not fit the second one", async () => {
        assert.equal(await installVault(request, context), ExitCode.done);
        await vault.restart();
        await assert.rejects(
          unsealVault({
            ...request,
            keys: one.keys,
            identity: one.holders.map(({ identityFile }) => identityFile),
          }, context),
          /the shares do not fit: .*another Vault's; the last one .* at file:/,
        );
      });
      await t.step("it is handed over from its shares to the first one's key", async () => {
        const seal = { address: bootstrap.address, token, ...key };
        await vault.restart({ seal });
        await assert.rejects(unsealVault({ ...request, identity }, context), (error) => {
          assert.ok(error instanceof SlipwayError);
          assert.match(error.message, /waits to change how it is unsealed/);
          assert.match(error.remedy!, /--migrate/);
          return true;
        });
        const migrating = { ...request, identity, migrate: true };
        assert.equal(await unsealVault(migrating, context), ExitCode.done);
      });
      await t.step("a restart needs nobody any more", async () => {
        await vault.restart();
        assert.equal(await unsealVault(request, context), ExitCode.done);
      });
      await t.step(
        "when the first one is sealed, the second one says whom it waits for",
        async () => {
          await bootstrap.restart();
          // It would try again a few times, and then end.
          const env = { VAULT_MAX_RETRIES: "0" };
          await assert.rejects(vault.restart({ env }), /exit code 1[^]*Vault is sealed/);
          await assert.rejects(
            unsealVault(request, context),
            /Cannot unseal: the Vault vault does not answer: .* the connection was refused/,
          );
        },
      );
      await t.step("when the first one is down, it says where it looked", async () => {
        await bootstrap.stop();
        await assert.rejects(
          vault.restart({ env: { VAULT_MAX_RETRIES: "0" } }),
          new RegExp(
            `exit code 1[^]*${new URL(bootstrap.address).host}: connect: connection refused`,
          ),
        );
      });
    });
  });
});
