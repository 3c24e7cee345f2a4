import assert from "node:assert/strict";
import { readData } from "../../lib/vault/read.ts";
import { withRootedVault } from "./configured_vault.ts";
import { runTask, type TaskOutcome } from "./task.ts";

const platformFile = (address: string) => `
name: shop
domain: example.org
environments: { test: {} }
namespaces: { shop: { podSecurity: restricted } }
vaults:
  keys:
    outside: { address: "${address}", backupsKeptAt: a folder }
    configuration:
      mounts: { secret: { type: kv-v2, maxVersions: 3 } }
      auth:
        approle:
          type: approle
          appRoles: { host: { policies: [host], secretIdTtl: 24h, boundCidrs: [127.0.0.1/32] } }
      policies:
        host: { paths: { secret/data/shop/*: [read] } }
      audit: { file: { type: file, path: AUDIT } }
      seeds:
        secret/shop/app:
          API_KEY: { prompt: Key of the API }
          COOKIE: { generate: { length: 40, alphabet: hex } }
          LICENSE: { file: license.txt }
        secret/shop/host:
          role-id: { roleIdOf: approle/host }
          secret-id: { secretIdOf: approle/host }
`;

Deno.test("configure-vault shows, configures, says what lacks, and tells no secret", async () => {
  await withRootedVault(async ({ vault, root, rootToken }) => {
    const folder = await Deno.makeTempDir({ prefix: "slipway-configure-" });
    const said: string[] = [];
    const configure = async (...args: string[]): Promise<TaskOutcome> => {
      const outcome = await runTask(
        ["configure_vault", "--platform", `${folder}/platform.yaml`, ...args],
        { env: { VAULT_TOKEN: rootToken, VAULT_ADDR: vault.address } },
      );
      said.push(outcome.stdout, outcome.stderr);
      return outcome;
    };
    const app = () => readData<{ data: Record<string, string> }>(root, "secret/data/shop/app");
    try {
      await Deno.writeTextFile(
        `${folder}/platform.yaml`,
        platformFile(vault.address).replace("AUDIT", `${vault.folder}/audit.log`),
      );
      await Deno.writeTextFile(`${folder}/license.txt`, "licensed-to-nobody\n");
      await Deno.writeTextFile(
        `${folder}/seeds.json`,
        JSON.stringify({ "secret/shop/app": { API_KEY: "key-from-the-file" } }),
        { mode: 0o644 },
      );

      const shown = await configure("--dry-run", "--json");
      assert.equal(shown.code, 5, shown.stderr);
      assert.equal(shown.lines.at(-1)!["created"], 11);
      assert.equal(await readData(root, "sys/mounts/secret").catch(() => undefined), undefined);

      const unasked = await configure("--yes");
      assert.equal(unasked.code, 2, "nobody is there to answer");
      assert.match(unasked.stderr, /--seed-from FILE/);
      assert.equal(await app(), undefined, "it ended before it changed anything");

      const partly = await configure("--yes", "--no-prompt");
      assert.equal(partly.code, 3, partly.stderr);
      assert.match(partly.stderr + partly.stdout, /API_KEY is still missing: nobody gave a value/);
      const { data: before } = (await app())!;
      assert.deepEqual(Object.keys(before).sort(), ["COOKIE", "LICENSE"]);
      assert.match(before["COOKIE"]!, /^[0-9a-f]{40}$/);
      assert.equal(before["LICENSE"], "licensed-to-nobody");

      const whole = await configure("--yes", "--seed-from", `${folder}/seeds.json`);
      assert.equal(whole.code, 0, whole.stderr);
      assert.match(
        whole.stderr,
        /Others of this machine may read the secrets in .*: its mode is 0644/,
      );
      const { data } = (await app())!;
      assert.deepEqual(data, { ...before, API_KEY: "key-from-the-file" });

      const after = await configure("--dry-run", "--json");
      assert.equal(after.code, 0, after.stdout);
      assert.equal(after.lines.at(-1)!["unchanged"], 11);

      const { data: ids } = (await readData<{ data: Record<string, string> }>(
        root,
        "secret/data/shop/host",
      ))!;
      const everything = said.join("\n");
      for (const secret of [rootToken, ...Object.values(data), ...Object.values(ids)]) {
        assert.ok(!everything.includes(secret), "no output has a secret");
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});
