import assert from "node:assert/strict";
import { createRedactor } from "../../../lib/core/redact.ts";
import type { DesiredSeed } from "../../../lib/vault/configure/desired.ts";
import { seedSecret } from "../../../lib/vault/configure/seed.ts";
import { planSeed } from "../../../lib/vault/configure/seeds.ts";
import { casMismatch, fakeVault } from "./fake_vault.ts";

const seed: DesiredSeed = {
  mount: "secret",
  path: "shop/app",
  keys: {
    KEY: { from: "person", question: "The key" },
    COOKIE: { from: "random", length: 8, alphabet: "hex" },
    USER: { from: "text", text: "shop" },
  },
};
const options = () => ({ values: {}, redactor: createRedactor() });
const there = (data: Record<string, string>, version = 1) => ({ data, metadata: { version } });

Deno.test("planSeed() counts keys and names what lacks, and never tells a value", () => {
  const found = { state: "there" as const, version: 1, data: { KEY: "very secret" } };
  const change = planSeed(seed, found);
  assert.equal(change.because, "1 of 3 keys are there, COOKIE and USER are missing");
  assert.deepEqual(change.diff, [
    "COOKIE: generated, 8 characters of hex",
    "USER: as the platform file has it",
  ]);
  assert.ok(!JSON.stringify(change).includes("very secret"));
});

Deno.test("seedSecret() makes a secret only where there is none", async () => {
  const client = fakeVault({});
  const values = { "secret/shop/app": { KEY: "given" } };
  const { written, left } = await seedSecret(client, seed, { ...options(), values });
  assert.deepEqual(written, ["KEY", "COOKIE", "USER"]);
  assert.deepEqual(left, []);
  const { method, body } = client.requests.at(-1)!;
  assert.equal(method, "POST");
  assert.deepEqual((body as { options: unknown }).options, { cas: 0 });
});

Deno.test("seedSecret() adds only the keys that lack, to the version that it read", async () => {
  const client = fakeVault({ "secret/data/shop/app": there({ KEY: "theirs", COOKIE: "too" }, 7) });
  await seedSecret(client, seed, options());
  assert.deepEqual(client.requests.at(-1), {
    method: "PATCH",
    path: "secret/data/shop/app",
    body: { options: { cas: 7 }, data: { USER: "shop" } },
  });
});

Deno.test("seedSecret() looks again when somebody else was faster, and keeps what they wrote", async () => {
  const reads: Record<string, unknown> = {};
  const client = fakeVault(reads, {
    answer({ method }) {
      if (method !== "POST") return undefined;
      reads["secret/data/shop/app"] = there({ KEY: "theirs", COOKIE: "theirs" }, 1);
      return casMismatch();
    },
  });
  const { written } = await seedSecret(client, seed, options());
  assert.deepEqual(written, ["USER"]);
  assert.deepEqual(client.requests.at(-1)!.body, { options: { cas: 1 }, data: { USER: "shop" } });
});

Deno.test("seedSecret() gives up when others never stop, and says that a retry can help", async () => {
  const client = fakeVault({}, { answer: casMismatch });
  await assert.rejects(seedSecret(client, seed, options()), {
    message: /^Cannot seed secret\/shop\/app: others changed it 10 times meanwhile$/,
    retryable: true,
  });
});

Deno.test("seedSecret() destroys a secret id that was not needed, and one that never arrived", async () => {
  const ids: DesiredSeed = {
    ...seed,
    keys: { "secret-id": { from: "secret-id", mount: "approle", role: "shop" } },
  };
  const reads: Record<string, unknown> = { "auth/approle/role/shop/secret-id/": ["lost", "other"] };
  const client = fakeVault(reads, {
    answer({ path, body }) {
      if (path.endsWith("/lookup")) {
        const { secret_id_accessor } = body as { secret_id_accessor: string };
        return secret_id_accessor === "lost"
          ? { data: { metadata: { "slipway-seed": "secret/shop/app secret-id" } } }
          : { data: {} };
      }
      if (path.endsWith("/secret-id")) {
        return { data: { secret_id: "the-secret-id", secret_id_accessor: "new" } };
      }
      if (path === "secret/data/shop/app") {
        reads[path] = there({ "secret-id": "theirs" });
        return casMismatch();
      }
    },
  });
  const redactor = createRedactor();
  const { written } = await seedSecret(client, ids, { values: {}, redactor });
  assert.deepEqual(written, []);
  const destroyed = client.requests.filter(({ path }) => path.endsWith("/destroy"))
    .map(({ body }) => (body as { secret_id_accessor: string }).secret_id_accessor);
  assert.deepEqual(destroyed, ["lost", "new"]);
  assert.ok(!redactor.redact("the-secret-id").includes("the-secret-id"));
});

Deno.test("seedSecret() does not bring back what was deleted", async () => {
  const client = fakeVault({
    "secret/metadata/shop/app": {
      current_version: 2,
      versions: { 2: { deletion_time: "2026-11-21T12:00:00Z", destroyed: false } },
    },
  });
  await assert.rejects(seedSecret(client, seed, options()), /somebody deleted it meanwhile/);
  assert.ok(client.requests.every(({ method }) => method === "GET"));
});
