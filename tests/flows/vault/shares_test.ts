import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { newRecord } from "../../../lib/flows/vault/key_record.ts";
import { createKeyStore, type KeyStore } from "../../../lib/flows/vault/keys.ts";
import { type ShareRequest, sharesFor } from "../../../lib/flows/vault/shares.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

async function all(
  request: ShareRequest,
  context = testContext(),
  keys: () => Promise<KeyStore | undefined> = () => Promise.resolve(undefined),
): Promise<string[]> {
  const sources = { name: "vault", threshold: 2, keys };
  const found: string[] = [];
  for await (const { share } of sharesFor(request, sources, context)) found.push(share);
  return found;
}

Deno.test("shares in files are read as Vault prints them, each once, and hidden from then on", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/one.txt`,
      "# of Ana\nUnseal Key 1: c2hhcmUtb25l\n\nRecovery Key 2: c2hhcmUtdHdv\n",
    );
    await Deno.writeTextFile(`${folder}/two.txt`, "c2hhcmUtdHdv\nc2hhcmUtMw==\n");
    const context = testContext({ cwd: folder });
    assert.deepEqual(await all({ shareFile: ["one.txt", "two.txt"] }, context), [
      "c2hhcmUtb25l",
      "c2hhcmUtdHdv",
      "c2hhcmUtMw==",
    ]);
    assert.equal(context.redactor.redact("it is c2hhcmUtMw=="), "it is ********");
  }));

Deno.test("a file without shares is refused without a word of what is in it", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/empty.txt`, "# nothing\n");
    await Deno.writeTextFile(`${folder}/prose.txt`, "my secret is here!\n");
    const context = testContext({ cwd: folder });
    await assert.rejects(all({ shareFile: ["empty.txt"] }, context), /it has none/);
    await assert.rejects(all({ shareFile: ["prose.txt"] }, context), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /prose.txt: line 1 is no share/);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
    await assert.rejects(all({ shareFile: ["absent.txt"] }, context), /Cannot read shares from/);
  }));

Deno.test("an identity opens the shares that are kept for it, and nobody is asked", () =>
  withFolder(async (folder) => {
    const identity = await generateIdentity();
    await Deno.writeTextFile(`${folder}/ana.txt`, identity);
    const context = testContext({ cwd: folder });
    const store = createKeyStore(createFolderStore(`${folder}/keys`), { plain: false });
    const record = newRecord(
      { vault: "vault", platform: "shop", environment: "prod", seal: "shamir" },
      { shares: 2, threshold: 2, holders: { ana: await identityToRecipient(identity) } },
      context.now(),
    );
    await store.keep(
      { shares: ["c2hhcmUtb25l", "c2hhcmUtdHdv"], rootToken: "r00t" },
      record,
      context,
    );
    await store.finish(record, context);
    assert.deepEqual(
      await all({ identity: ["ana.txt"] }, context, () => Promise.resolve(store)),
      ["c2hhcmUtb25l", "c2hhcmUtdHdv"],
    );
  }));

Deno.test("where nothing is named, shares are asked for until there is no answer", async () => {
  const answers = ["c2hhcmUtb25l", " c2hhcmUtdHdv ", ""];
  const questions: string[] = [];
  const context = testContext({
    askSecret: (question) => {
      questions.push(question);
      return Promise.resolve(answers.shift()!);
    },
  });
  assert.deepEqual(await all({}, context), ["c2hhcmUtb25l", "c2hhcmUtdHdv"]);
  assert.equal(questions[0], "A share of the Vault vault, of which 2 are needed");
  assert.equal(questions.length, 3);
});
