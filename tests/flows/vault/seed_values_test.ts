import assert from "node:assert/strict";
import { readSeedFile } from "../../../lib/flows/vault/seed_file.ts";
import { gatherSeedValues } from "../../../lib/flows/vault/seed_values.ts";
import type { VaultPlan } from "../../../lib/vault/configure/change.ts";
import type { DesiredSeed } from "../../../lib/vault/configure/desired.ts";
import { planSeed } from "../../../lib/vault/configure/seeds.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const seed: DesiredSeed = {
  mount: "secret",
  path: "app",
  keys: {
    ASKED: { from: "person", question: "What is it?" },
    FILED: { from: "file", file: "key.pem" },
    MADE: { from: "random", length: 8, alphabet: "hex" },
  },
};
const plan: VaultPlan = {
  changes: [planSeed(seed, { state: "absent" })],
  unmanaged: {},
  notes: [],
};

Deno.test("gatherSeedValues() asks people, reads files, and makes nothing up", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/key.pem`, "line one\nline two\n");
    const asked: string[] = [];
    const context = testContext({
      askSecret(question) {
        asked.push(question);
        return Promise.resolve("an answer");
      },
    });
    assert.deepEqual(await gatherSeedValues(plan, { folder }, context), {
      "secret/app": { ASKED: "an answer", FILED: "line one\nline two" },
    });
    assert.deepEqual(asked, ["What is it?"]);
    assert.ok(!context.redactor.redact("line two").includes("line two"));
  }));

Deno.test("gatherSeedValues() asks for nothing that is given, and takes no answer for none", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/key.pem`, "key\n");
    const given = { "secret/app": { ASKED: "given" } };
    assert.deepEqual(await gatherSeedValues(plan, { folder, given }, testContext()), {
      "secret/app": { ASKED: "given", FILED: "key" },
    });
    const silent = testContext({ askSecret: () => Promise.resolve("") });
    assert.deepEqual(await gatherSeedValues(plan, { folder }, silent), {
      "secret/app": { FILED: "key" },
    });
    assert.deepEqual(await gatherSeedValues(plan, { folder, prompt: false }, testContext()), {
      "secret/app": { FILED: "key" },
    });
  }));

Deno.test("gatherSeedValues() names the key and the file that is not there", () =>
  withFolder(async (folder) => {
    await assert.rejects(gatherSeedValues(plan, { folder, prompt: false }, testContext()), {
      message: /^Cannot seed FILED of secret\/app from .*key\.pem: /,
      exitCode: 2,
    });
  }));

Deno.test("readSeedFile() reads values, and warns where others of the machine can too", () =>
  withFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    await Deno.writeTextFile(file, '{"secret/app": {"KEY": "a value"}}', { mode: 0o600 });
    const closed = testContext();
    assert.deepEqual(await readSeedFile(file, closed), { "secret/app": { KEY: "a value" } });
    assert.deepEqual(closed.events, []);
    assert.ok(!closed.redactor.redact("a value").includes("a value"));
    await Deno.chmod(file, 0o640);
    const open = testContext();
    await readSeedFile(file, open);
    const [event] = open.events;
    assert.equal(event?.type === "note" && event.level, "warning");
  }));

Deno.test("readSeedFile() hides no word that stands in the platform file", () =>
  withFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    const seeds = { "secret/shop": { PGDATABASE: "shop", PGPASSWORD: "swordfish" } };
    await Deno.writeTextFile(file, JSON.stringify(seeds), { mode: 0o600 });
    const context = testContext();
    await readSeedFile(file, context, "name: webshop");
    assert.equal(context.redactor.redact("secret/shop has swordfish"), "secret/shop has ********");
  }));

Deno.test("readSeedFile() says what is wrong without a word of what stands there", () =>
  withFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    const wrong: [text: string, because: RegExp][] = [
      ['{"secret/app": {"KEY": "hunter2"', /it is no JSON$/],
      ['["hunter2"]', /it is no object$/],
      ['{"secret/app": "hunter2"}', /secret\/app is no object$/],
      ['{"secret/app": {"KEY": ["hunter2"]}}', /secret\/app KEY is no text$/],
    ];
    for (const [text, because] of wrong) {
      await Deno.writeTextFile(file, text, { mode: 0o600 });
      await assert.rejects(readSeedFile(file, testContext()), (error: Error) => {
        assert.match(error.message, because);
        assert.ok(!`${error.message} ${error.cause}`.includes("hunter2"));
        return true;
      });
    }
  }));
