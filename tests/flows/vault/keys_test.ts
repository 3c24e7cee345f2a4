import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { newRecord } from "../../../lib/flows/vault/key_record.ts";
import { createKeyStore } from "../../../lib/flows/vault/keys.ts";
import { createSecretStore } from "../../../lib/flows/vault/secret_store.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import type { VaultInitialize } from "../../../lib/platform/types.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const context = testContext({ now: () => Temporal.Instant.from("2026-11-21T12:00:00Z") });
const given = {
  shares: ["c2hhcmUtb25l", "c2hhcmUtdHdv", "c2hhcmUtMw=="],
  rootToken: "hvs.root-token",
};
const of = { vault: "vault", platform: "shop", environment: "prod", seal: "shamir" as const };
const record = (initialize: VaultInitialize) =>
  newRecord(of, { shares: 3, threshold: 2, ...initialize }, context.now());

Deno.test("each holder opens their own shares, and nobody else's", () =>
  withFolder(async (folder) => {
    const [ana, ben] = [await generateIdentity(), await generateIdentity()];
    const keys = createKeyStore(createFolderStore(folder), { plain: false });
    const wanted = record({
      holders: { ana: await identityToRecipient(ana), ben: await identityToRecipient(ben) },
    });
    await keys.prove(wanted, context);
    await keys.write(wanted, context);
    await keys.keep(given, wanted, context);
    assert.equal(await keys.isPending(context), true);
    const done = await keys.finish(wanted, context);
    assert.equal(done.state, "initialised");
    assert.equal(await keys.isPending(context), false);

    const opened = async (...identities: string[]) =>
      (await keys.shares(identities, context)).map(({ share }) => share);
    // Three shares of two holders: the first has two of them.
    assert.deepEqual(await opened(ana), [given.shares[0], given.shares[2]]);
    assert.deepEqual(await opened(ben), [given.shares[1]]);
    assert.deepEqual(await opened(ana, ben), given.shares);
    assert.deepEqual(await opened(await generateIdentity()), []);
    assert.deepEqual(await opened(), []);
    assert.equal(await keys.rootToken([ben], context), given.rootToken);
    assert.equal((await keys.forgetRootToken(done, context)).rootToken, "revoked");
    assert.equal(await keys.rootToken([ben], context), undefined);
  }));

Deno.test("no file of the keys has a share in plain", () =>
  withFolder(async (folder) => {
    const recipient = await identityToRecipient(await generateIdentity());
    const keys = createKeyStore(createFolderStore(folder), { plain: false });
    const wanted = record({ holders: { ana: recipient } });
    await keys.keep(given, wanted, context);
    const secrets = [...given.shares, given.rootToken];
    const check = () => {
      for (const { name } of Deno.readDirSync(folder)) {
        const text = new TextDecoder("latin1").decode(Deno.readFileSync(`${folder}/${name}`));
        for (const secret of secrets) assert.ok(!text.includes(secret), `${name} has a secret`);
      }
    };
    check();
    await keys.finish(wanted, context);
    check();
  }));

Deno.test("keys that are put aside stay whole", () =>
  withFolder(async (folder) => {
    const identity = await generateIdentity();
    const keys = createKeyStore(createFolderStore(folder), { plain: false });
    const wanted = record({ holders: { ana: await identityToRecipient(identity) } });
    await keys.keep(given, wanted, context);
    await keys.finish(wanted, context);
    const before = await Deno.readFile(`${folder}/share-1-ana.age`);
    const where = await keys.setAside(context);
    assert.match(where, /earlier-2026-11-21T120000Z-\*$/);
    assert.equal(await keys.read(context), undefined);
    const after = await Deno.readFile(`${folder}/earlier-2026-11-21T120000Z-share-1-ana.age`);
    assert.deepEqual(after, before);
  }));

Deno.test("a place that does not give back what it was given is refused before Vault is asked", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const wanted = record({
      holders: { ana: await identityToRecipient(await generateIdentity()) },
    });
    const broken: [Partial<Store>, RegExp][] = [
      [{ get: () => Promise.resolve(new Uint8Array(32)) }, /what was written is not what is read/],
      [{ get: () => Promise.resolve(undefined) }, /what was written is not what is read/],
      [{ put: () => Promise.reject(new Error("disk full")) }, /disk full/],
    ];
    for (const [changes, because] of broken) {
      const keys = createKeyStore({ ...store, ...changes }, { plain: false });
      await assert.rejects(keys.prove(wanted, context), (error: Error) => {
        assert.match(error.message, /Cannot initialise: what Vault will give could not be stored/);
        assert.match(error.message, because);
        return true;
      });
    }
    const room = 8192;
    const full: Partial<Store> = {
      put: (name, body, ...rest) =>
        body instanceof Uint8Array && body.length <= room
          ? store.put(name, body, ...rest)
          : Promise.reject(new Error("no space left")),
    };
    await assert.rejects(
      createKeyStore({ ...store, ...full }, { plain: false }).prove(wanted, context),
      /no space left/,
      "three shares, their root token and their record would not have room",
    );
    const wrong = record({ holders: { ana: "age1nobody" } });
    const keys = createKeyStore(store, { plain: false });
    await assert.rejects(
      keys.prove(wanted, { signal: AbortSignal.abort(new Error("ended")) }),
      /ended/,
    );
    await assert.rejects(keys.prove(wrong, context), /it is no age recipient/);
  }));

Deno.test("a Secret keeps the shares so that a job in the cluster can unseal", async () => {
  const cluster = createFakeClient();
  const place = { namespace: "vault", name: "vault-keys" };
  const keys = createKeyStore(createSecretStore(cluster, place), { plain: true });
  const wanted = record({ secret: { name: "vault-keys", because: "a rehearsal" } });
  await keys.prove(wanted, context);
  await keys.write(wanted, context);
  await keys.keep(given, wanted, context);
  await keys.finish(wanted, context);
  const shares = await keys.shares([], context);
  assert.deepEqual(shares.map(({ share }) => share), given.shares);
  assert.equal(shares[0]!.from, "share 1 at secret://vault/vault-keys");
});

Deno.test("one share that unseals alone is refused unless the platform says development", () => {
  const alone = { shares: 1, threshold: 1 };
  assert.throws(() => record(alone), /with 1 shares and a threshold of 1/);
  assert.equal(record({ ...alone, development: true }).threshold, 1);
});
