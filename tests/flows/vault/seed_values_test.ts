import assert from "node:assert/strict";
import type { Context } from "../../../lib/core/context.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { readSeedFile } from "../../../lib/flows/vault/seed_file.ts";
import { gatherSeedValues } from "../../../lib/flows/vault/seed_values.ts";
import type { VaultPlan } from "../../../lib/vault/configure/change.ts";
import type { DesiredSeed } from "../../../lib/vault/configure/desired.ts";
import { planSeed } from "../../../lib/vault/configure/seeds.ts";

function contextWith(changes: Partial<Context> = {}): Context & { events: SlipwayEvent[] } {
  const events: SlipwayEvent[] = [];
  return {
    events,
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    now: Temporal.Now.instant,
    random: Math.random,
    env: () => undefined,
    cwd: "/",
    redactor: createRedactor(),
    confirm: () => Promise.resolve(true),
    askSecret: (question) => Promise.reject(new Error(`nobody should be asked: ${question}`)),
    ...changes,
  };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-seeds-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

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
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/key.pem`, "line one\nline two\n");
    const asked: string[] = [];
    const context = contextWith({
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
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/key.pem`, "key\n");
    const given = { "secret/app": { ASKED: "given" } };
    assert.deepEqual(await gatherSeedValues(plan, { folder, given }, contextWith()), {
      "secret/app": { ASKED: "given", FILED: "key" },
    });
    const silent = contextWith({ askSecret: () => Promise.resolve("") });
    assert.deepEqual(await gatherSeedValues(plan, { folder }, silent), {
      "secret/app": { FILED: "key" },
    });
    assert.deepEqual(await gatherSeedValues(plan, { folder, prompt: false }, contextWith()), {
      "secret/app": { FILED: "key" },
    });
  }));

Deno.test("gatherSeedValues() names the key and the file that is not there", () =>
  inFolder(async (folder) => {
    await assert.rejects(gatherSeedValues(plan, { folder, prompt: false }, contextWith()), {
      message: /^Cannot seed FILED of secret\/app from .*key\.pem: /,
      exitCode: 2,
    });
  }));

Deno.test("readSeedFile() reads values, and warns where others of the machine can too", () =>
  inFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    await Deno.writeTextFile(file, '{"secret/app": {"KEY": "a value"}}', { mode: 0o600 });
    const closed = contextWith();
    assert.deepEqual(await readSeedFile(file, closed), { "secret/app": { KEY: "a value" } });
    assert.deepEqual(closed.events, []);
    assert.ok(!closed.redactor.redact("a value").includes("a value"));
    await Deno.chmod(file, 0o640);
    const open = contextWith();
    await readSeedFile(file, open);
    const [event] = open.events;
    assert.equal(event?.type === "note" && event.level, "warning");
  }));

Deno.test("readSeedFile() hides no word that stands in the platform file", () =>
  inFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    const seeds = { "secret/shop": { PGDATABASE: "shop", PGPASSWORD: "swordfish" } };
    await Deno.writeTextFile(file, JSON.stringify(seeds), { mode: 0o600 });
    const context = contextWith();
    await readSeedFile(file, context, "name: webshop");
    assert.equal(context.redactor.redact("secret/shop has swordfish"), "secret/shop has ********");
  }));

Deno.test("readSeedFile() says what is wrong without a word of what stands there", () =>
  inFolder(async (folder) => {
    const file = `${folder}/seeds.json`;
    const wrong: [text: string, because: RegExp][] = [
      ['{"secret/app": {"KEY": "hunter2"', /it is no JSON$/],
      ['["hunter2"]', /it is no object$/],
      ['{"secret/app": "hunter2"}', /secret\/app is no object$/],
      ['{"secret/app": {"KEY": ["hunter2"]}}', /secret\/app KEY is no text$/],
    ];
    for (const [text, because] of wrong) {
      await Deno.writeTextFile(file, text, { mode: 0o600 });
      await assert.rejects(readSeedFile(file, contextWith()), (error: Error) => {
        assert.match(error.message, because);
        assert.ok(!`${error.message} ${error.cause}`.includes("hunter2"));
        return true;
      });
    }
  }));
