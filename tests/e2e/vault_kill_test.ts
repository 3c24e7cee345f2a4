import assert from "node:assert/strict";
import type { Context } from "../../lib/core/context.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import { bringUp } from "../../lib/flows/vault/install.ts";
import { createKeyStore } from "../../lib/flows/vault/keys.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import type { Store } from "../../lib/store/store.ts";
import { tokenIsValid } from "../../lib/vault/root.ts";
import { sealStatus } from "../../lib/vault/status.ts";
import { withInstallation } from "./vault_installation.ts";
import { openProcesses } from "./vault_open.ts";
import { withVault } from "./vault_process.ts";

class Killed extends Error {}

/** A store of a run that is killed at a write or a removal: it and all after it are not done. */
function storeKilledAt(store: Store, moment: string): Store {
  let killed = false;
  const reach = (now: string) => {
    killed ||= now === moment;
    if (killed) throw new Killed(now);
  };
  return {
    ...store,
    put: async (name, ...rest) => {
      reach(`put ${name}`);
      await store.put(name, ...rest);
    },
    delete: async (name, ...rest) => {
      reach(`delete ${name}`);
      return await store.delete(name, ...rest);
    },
  };
}

/** A context of a run that is killed when a stage begins. */
function killedAtStage(context: Context, stage: string): Context {
  return {
    ...context,
    emit(event) {
      if (event.type === "stage" && event.stage === stage && event.state === "started") {
        throw new Killed(stage);
      }
      context.emit(event);
    },
  };
}

Deno.test("an installation that is killed anywhere goes on: no share is lost, none is stored twice", async (t) => {
  await withVault((vault) =>
    withInstallation(vault.address, async (installation) => {
      const { platform, keys, holders, context, events } = installation;
      const folder = createFolderStore(keys);
      const request = { platform };
      const names = () =>
        Array.from(Deno.readDirSync(keys), ({ name }) => name).filter((name) =>
          name !== "record.json"
        ).sort();
      const run = async (
        { at, identity, held = context }: { at?: string; identity?: string[]; held?: Context } = {},
      ) => {
        const open = await openProcesses([vault], platform, held);
        const store = createKeyStore(at === undefined ? folder : storeKilledAt(folder, at), {
          plain: false,
        });
        return await bringUp(open, store, { ...request, identity, keys }, held);
      };
      const identities = holders.slice(0, 2).map(({ identityFile }) => identityFile);

      await t.step("killed before Vault is asked, nothing has happened", async () => {
        await assert.rejects(run({ at: "put record.json" }), Killed);
        assert.equal((await sealStatus(vault.client)).initialized, false);
      });
      await t.step(
        "killed between Vault's answer and its storing, nobody has its keys",
        async () => {
          await assert.rejects(run({ at: "put pending.json" }), Killed);
          const { initialized, sealed } = await sealStatus(vault.client);
          assert.deepEqual({ initialized, sealed }, { initialized: true, sealed: true });
          assert.deepEqual(names(), []);
        },
      );
      await t.step(
        "then it asks, makes the empty Vault anew, and is killed among the shares",
        async () => {
          const questions: string[] = [];
          const declining = {
            ...context,
            confirm: (question: string) => {
              questions.push(question);
              return Promise.resolve(false);
            },
          };
          await assert.rejects(run({ held: declining }), /Nothing was changed/);
          assert.match(questions.join(), /Throw away the data of vault-0/);
          await assert.rejects(run({ at: "put share-2-ben.age" }), Killed);
          assert.deepEqual(names(), ["pending.json", "share-1-ana.age"]);
        },
      );
      await t.step(
        "then it stores the rest without Vault, and wants shares to unseal",
        async () => {
          const stranded = killedAtStage(context, "Unseal vault");
          await assert.rejects(run({ held: stranded }), Killed);
          assert.deepEqual(names(), [
            "root-token.age",
            "share-1-ana.age",
            "share-2-ben.age",
            "share-3-cleo.age",
          ]);
        },
      );
      await t.step("killed before the root token is revoked, it is kept, encrypted", async () => {
        const held = killedAtStage(context, "Revoke the root token");
        await assert.rejects(run({ held, identity: identities }), Killed);
        events.length = 0;
        assert.equal(await run(), ExitCode.partly);
        const note = events.find((event) => event.type === "note");
        assert.match(String(note?.message), /the first root token of vault is still valid/);
        assert.match(String(note?.remedy), /--identity/);
      });
      await t.step("then the identity of one holder is enough to end it", async () => {
        const store = createKeyStore(folder, { plain: false });
        const text = await Deno.readTextFile(identities[0]!);
        const root = await store.rootToken([text.split("\n")[1]!], context);
        assert.equal(await tokenIsValid(vault.client.withToken(root), context), true);
        assert.equal(await run({ identity: identities.slice(0, 1) }), ExitCode.done);
        assert.equal(await tokenIsValid(vault.client.withToken(root), context), false);
        assert.equal((await store.read(context))?.rootToken, "revoked");
        assert.deepEqual(names(), ["share-1-ana.age", "share-2-ben.age", "share-3-cleo.age"]);
      });
      await t.step("a run after all of them changes nothing", async () => {
        const before = await Deno.readTextFile(`${keys}/record.json`);
        assert.equal(await run(), ExitCode.done);
        assert.equal(await Deno.readTextFile(`${keys}/record.json`), before);
      });
    })
  );
});
