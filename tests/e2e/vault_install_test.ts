import assert from "node:assert/strict";
import { ExitCode, SlipwayError } from "../../lib/core/errors.ts";
import { installVault } from "../../lib/flows/vault/install.ts";
import { unsealVault } from "../../lib/flows/vault/unseal.ts";
import { vaultStatus } from "../../lib/flows/vault/status.ts";
import { sealStatus } from "../../lib/vault/status.ts";
import { withInstallation } from "./vault_installation.ts";
import { withVault } from "./vault_process.ts";

Deno.test("install-vault brings a Vault from nothing to work, and gives each holder a share", async (t) => {
  await withVault((vault) =>
    withInstallation(vault.address, async (installation) => {
      const { platform, keys, holders, events, context, typed } = installation;
      const request = { platform, keys, address: vault.address };
      const record = async () => JSON.parse(await Deno.readTextFile(`${keys}/record.json`));
      const identity = (...names: string[]) =>
        holders.filter(({ name }) => names.includes(name)).map((holder) => holder.identityFile);
      const notes = () =>
        events.splice(0).flatMap((event) => event.type === "note" ? event.message : []);

      await t.step("status says that it is not initialised", async () => {
        assert.equal(await vaultStatus(request, context), ExitCode.differences);
        assert.match(notes().join("\n"), /the Vault vault is not initialised/);
      });
      await t.step("a dry run only tells what it would do", async () => {
        assert.equal(await installVault({ ...request, dryRun: true }, context), ExitCode.done);
        assert.match(notes().join("\n"), /vault: initialise, since it is new/);
        assert.equal((await sealStatus(vault.client)).initialized, false);
      });
      await t.step(
        "it is initialised, unsealed and configured, and the root token is revoked",
        async () => {
          assert.equal(await installVault(request, context), ExitCode.done);
          assert.equal((await sealStatus(vault.client)).sealed, false);
          const { state, shares, threshold, seal, rootToken, keptBy } = await record();
          assert.deepEqual({ state, shares, threshold, seal, rootToken }, {
            state: "initialised",
            shares: 3,
            threshold: 2,
            seal: "shamir",
            rootToken: "revoked",
          });
          assert.deepEqual(keptBy.map(({ holder }: { holder: string }) => holder), [
            "ana",
            "ben",
            "cleo",
          ]);
          const files = Array.from(Deno.readDirSync(keys), ({ name }) => name).sort();
          assert.deepEqual(files, [
            "record.json",
            "share-1-ana.age",
            "share-2-ben.age",
            "share-3-cleo.age",
          ]);
        },
      );
      await t.step("once more, it does nothing", async () => {
        const before = await Deno.readTextFile(`${keys}/record.json`);
        assert.equal(await installVault(request, context), ExitCode.done);
        assert.equal(await Deno.readTextFile(`${keys}/record.json`), before);
        assert.equal(await unsealVault(request, context), ExitCode.done);
        assert.match(notes().join("\n"), /nothing of vault is sealed/);
      });
      await t.step("after a restart each holder unseals with their own share", async () => {
        await vault.restart();
        assert.equal(await vaultStatus(request, context), ExitCode.differences);
        assert.match(notes().join("\n"), /sealed: vault/);
        const first = { ...request, identity: identity("ana") };
        assert.equal(await unsealVault(first, context), ExitCode.differences);
        assert.match(notes().join("\n"), /vault is still sealed: it has 1 of 2 shares/);
        const second = { ...request, identity: identity("cleo") };
        assert.equal(await unsealVault(second, context), ExitCode.done);
        assert.equal(await vaultStatus(request, context), ExitCode.done);
      });
      await t.step("somebody who keeps no share is told so", async () => {
        await vault.restart();
        const stranger = `${installation.folder}/stranger.txt`;
        const { generateIdentity } = await import("age-encryption");
        await Deno.writeTextFile(stranger, await generateIdentity());
        await assert.rejects(
          unsealVault({ ...request, identity: [stranger] }, context),
          /none of its shares could be read/,
        );
      });
      await t.step("shares are typed without being shown, and wrong ones are told", async () => {
        const wrong = crypto.getRandomValues(new Uint8Array(33)).toBase64();
        typed.push(wrong, crypto.getRandomValues(new Uint8Array(33)).toBase64());
        await assert.rejects(unsealVault(request, context), (error) => {
          assert.ok(error instanceof SlipwayError);
          assert.match(error.message, /the shares do not fit: one of them is mistyped/);
          assert.match(error.remedy!, /the attempt was reset/);
          assert.ok(!error.message.includes(wrong));
          return true;
        });
        assert.equal((await sealStatus(vault.client)).progress, 0);
        typed.push("no share at all");
        await assert.rejects(unsealVault(request, context), /what was given is no share/);
      });
      await t.step("a wrong share that somebody gave before does not keep others out", async () => {
        await vault.client.request("PUT", "sys/unseal", {
          body: { key: crypto.getRandomValues(new Uint8Array(33)).toBase64() },
        });
        const both = { ...request, identity: identity("ana", "ben") };
        assert.equal(await unsealVault(both, context), ExitCode.done);
      });
      await t.step("no key stands anywhere in plain, and none was told", async () => {
        const told = JSON.stringify(events);
        assert.equal(context.redactor.redact(told), told);
        for (const { name } of Deno.readDirSync(keys)) {
          const text = new TextDecoder("latin1").decode(await Deno.readFile(`${keys}/${name}`));
          assert.equal(context.redactor.redact(text), text, `${name} holds a secret`);
        }
      });
    })
  );
});
