import assert from "node:assert/strict";
import { decryptWith } from "../../lib/age/age.ts";
import { SlipwayError } from "../../lib/core/errors.ts";
import type { NoteEvent } from "../../lib/core/events.ts";
import { backupVault } from "../../lib/flows/vault/backup.ts";
import { restoreVault } from "../../lib/flows/vault/restore.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import { hasProblem } from "../../lib/vault/errors.ts";
import { checkSnapshot } from "../../lib/vault/snapshot/check.ts";
import { readVaultDetails } from "../../lib/vault/snapshot/details.ts";
import { sealStatus } from "../../lib/vault/status.ts";
import { giveShare } from "../../lib/vault/unseal.ts";
import { leaksOf } from "../live/leaks.ts";
import { runTask, type TaskOptions, type TaskOutcome } from "./task.ts";
import { backupGround, mountCanary, quietContext, readyVault } from "./vault_backup_ground.ts";
import { startVault } from "./vault_process.ts";

/** What the token of a backup job may do. */
const policy = `
path "sys/storage/raft/snapshot" { capabilities = ["read"] }
path "slipway/data/canary" { capabilities = ["create", "update"] }
`;

async function filesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const found = await Promise.all(
    entries.map(({ name, isDirectory }) => isDirectory ? filesIn(`${folder}/${name}`) : [name]),
  );
  return found.flat().toSorted();
}

const notesOf = (context: { events: { type: string }[] }) =>
  context.events.filter((event): event is NoteEvent => event.type === "note");

Deno.test("a Vault is backed up, and restored on an empty server", async (t) => {
  await using ground = await backupGround();
  await using source = await readyVault();
  const { vault, root, shares } = source;
  const { platform, store, identity } = ground;
  const request = { platform, vaults: ["main"], store, address: vault.address };
  const byRoot = (variables = {}) => quietContext({ VAULT_TOKEN: source.rootToken, ...variables });
  await root.request("PUT", "sys/policies/acl/backup", { body: { policy } });
  const tokenOf = async (policies: string[]) => {
    const body = { policies, no_default_policy: true };
    const made = await root.request<{ auth: { client_token: string } }>(
      "POST",
      "auth/token/create",
      { body },
    );
    return made!.auth.client_token;
  };
  const jobToken = await tokenOf(["backup"]);
  const kept = `kept ${crypto.randomUUID()}`;
  const temporary = `${ground.folder}/temporary`;
  await Deno.mkdir(temporary);
  const secrets: Record<string, string> = {
    ...Object.fromEntries(shares.map((share, index) => [`share ${index + 1}`, share])),
    "the root token": source.rootToken,
    "the token of the job": jobToken,
    "a value in Vault": kept,
  };
  /** Where secrets stood after a run was killed. */
  const leaks: string[] = [];
  /** What tasks printed, by which they were. */
  const said: Record<string, string> = {};
  const task = async ([name, ...args]: string[], options: TaskOptions) => {
    const env = { ...options.env, TMPDIR: temporary };
    const outcome = await runTask([name!, ...args], { ...options, env });
    said[`${Object.keys(said).length} ${name}`] = outcome.stdout + outcome.stderr;
    return outcome;
  };

  await t.step(
    "without the mount of canaries it is backed up all the same, and that is told",
    async () => {
      const context = byRoot();
      await backupVault(request, context);
      const { backups, unfinished } = await ground.listing();
      assert.equal(backups.length, 1);
      assert.deepEqual(unfinished, []);
      assert.equal(backups[0]!.record.details["canary"], undefined);
      const [note] = notesOf(context).filter(({ level }) => level === "warning");
      assert.match(note!.message, /has no canary/);
      assert.match(note!.remedy!, /configure-vault/);
    },
  );

  await t.step(
    "the narrowest policy is enough, and the record says what a restore needs",
    async () => {
      await mountCanary(root);
      await root.request("POST", "slipway/data/kept", { body: { data: { is: kept } } });
      const context = quietContext({ VAULT_TOKEN: jobToken });
      await backupVault(request, context);
      const [newest] = (await ground.listing()).backups;
      const { record } = newest!;
      const details = readVaultDetails(record.details, record.id);
      assert.equal(details.version, "1.21.1");
      assert.deepEqual(details.seal, {
        type: "shamir",
        shares: 3,
        threshold: 2,
        holders: ["ana", "bob"],
      });
      assert.equal(details.canary?.path, "canary");
      assert.ok(details.raft.index > 10);
      assert.equal(record.recipients.length, 1);
      assert.match(record.tool, /^slipway \d/);
      const text = JSON.stringify([record, context.events]);
      for (const secret of [jobToken, source.rootToken, ...shares]) {
        assert.ok(
          !text.includes(secret),
        );
      }

      const [object] = record.objects;
      const file = `${store}/vault/shop-test/main/${record.id}.${object!.suffix}`;
      const stored = await Deno.readFile(file);
      assert.equal(stored.length, object!.stored.sizeBytes);
      const identities = [(await Deno.readTextFile(identity)).split("\n")[1]!];
      const plain = await decryptWith(identities, stored, file);
      assert.deepEqual(await checkSnapshot(new Blob([plain]).stream()), details.raft);
    },
  );

  await t.step(
    "a token that may not take snapshots is told which capability lacks, and leaves nothing",
    async () => {
      const kept = async () => (await filesIn(store)).filter((name) => !name.startsWith("lease."));
      const before = await kept();
      const context = quietContext({ VAULT_TOKEN: await tokenOf(["nothing"]) });
      await assert.rejects(backupVault(request, context), (error) => {
        assert.ok(hasProblem(error, "permission-denied"), String(error));
        assert.match(error.remedy!, /capability read on sys\/storage\/raft\/snapshot/);
        return true;
      });
      assert.deepEqual(await kept(), before);
    },
  );

  await t.step("without recipients it is refused, before Vault is asked", async () => {
    const text = await Deno.readTextFile(platform);
    const { holders: _, ...backups } = JSON.parse(text).backups;
    const file = await ground.write("open.yaml", JSON.stringify({ ...JSON.parse(text), backups }));
    const context = quietContext();
    await assert.rejects(
      backupVault({ ...request, platform: file, address: "http://127.0.0.1:1" }, context),
      /Refused to back up secrets in the clear/,
    );
  });

  await t.step(
    "killed anywhere before its record is written, it has left nothing that counts",
    async () => {
      const known = (await ground.listing()).backups.map(({ record }) => record.id);
      const moments: ((line: { type: string; [field: string]: unknown }) => boolean)[] = [
        ({ type, stage, state }) =>
          type === "stage" && String(stage).startsWith("Back up") && state === "started",
        ({ type, stage, state }) =>
          type === "stage" && String(stage).startsWith("Back up") && state === "progress",
      ];
      for (const killWhen of moments) {
        const { code } = await task(
          ["backup_vault", "main", "--platform", platform, "--store", store, "--json"],
          { env: { VAULT_ADDR: vault.address, VAULT_TOKEN: jobToken }, killWhen },
        );
        assert.equal(code, 137);
        const { backups, damaged } = await ground.listing();
        // What is killed after its last line may have written its record before.
        const fresh = backups.filter(({ record }) => !known.includes(record.id));
        for (const { record } of fresh) known.push(record.id);
        assert.deepEqual(damaged, []);
      }
    },
  );

  /** Restore on an empty server, killed at one moment after the other. */
  async function restoreKilled(shareFile: string): Promise<void> {
    await using empty = await startVault();
    const args = [
      ...["restore_vault", "--platform", platform, "--vault", "main", "--store", store],
      ...["--identity", identity, "--share-file", shareFile, "--json"],
    ];
    const env = { VAULT_ADDR: empty.address };
    const moments = [["Initialise", "done"], ["Give", "started"], ["Give", "done"]] as const;
    const outcomes: TaskOutcome[] = [];
    for (const [begin, wanted] of moments) {
      const outcome = await task(args, {
        env,
        killWhen: ({ type, stage, state }) =>
          type === "stage" && String(stage).startsWith(begin) && state === wanted,
      });
      outcomes.push(outcome);
      leaks.push(...await leaksOf(secrets, { folders: [store, temporary], texts: {} }));
      // What a killed run sent is brought in all the same, and then the next one has nothing to give and comes to its end.
      if (outcome.code === 0) break;
      assert.equal(outcome.code, 137, outcome.stderr + outcome.stdout);
    }
    if (outcomes.at(-1)!.code !== 0) outcomes.push(await task(args, { env }));
    const { code, stderr, stdout } = outcomes.at(-1)!;
    assert.equal(code, 0, stderr + stdout);
    const found = await empty.client.withToken(source.rootToken).request<
      { data: { data: Record<string, string> } }
    >("GET", "slipway/data/kept");
    assert.deepEqual(found?.data.data, { is: kept });
  }

  /** Restore over the Vault itself, which has moved on. */
  async function restoreOver(shareFile: string): Promise<void> {
    await root.request("POST", "slipway/data/late", { body: { data: { is: "lost" } } });
    const again = {
      ...{ platform, vault: "main", store, address: vault.address, from: "latest" },
      ...{ identity: [identity], shareFile: [shareFile] },
    };
    const asked: string[] = [];
    const declines = byRoot();
    declines.confirm = (question) => Promise.resolve(asked.push(question) < 0);
    await assert.rejects(restoreVault(again, declines), /Nothing was changed/);
    assert.match(asked[0]!, /^Lose all that is in the Vault main at http/);
    assert.notEqual(await root.request("GET", "slipway/data/late"), undefined);

    const agrees = byRoot();
    agrees.confirm = () => Promise.resolve(true);
    assert.equal(await restoreVault(again, agrees), 0);
    assert.equal(await root.request("GET", "slipway/data/late"), undefined);
    assert.notEqual(await root.request("GET", "slipway/data/kept"), undefined);
  }

  await t.step(
    "a restore goes on from wherever it was killed, and a Vault in use is replaced only when that is allowed",
    async () => {
      const shareFile = await ground.write("shares.txt", shares.slice(1).join("\n"));
      await backupVault(request, byRoot());
      // Vault takes some seconds to bring a snapshot in, so both are done at once.
      await Promise.all([restoreKilled(shareFile), restoreOver(shareFile)]);
      const { verification, record } = (await ground.listing()).backups[0]!;
      assert.equal(verification?.id, record.id);
      assert.match(verification!.proof, /the canary at slipway\/canary was read/);
      assert.ok(verification!.durationMs > 0);
      const files = await filesIn(store);
      assert.deepEqual(files.filter((name) => name.includes(".restore-")), []);
    },
  );

  await t.step(
    "no secret stands in any file, log or output, and no snapshot in plain on the disk",
    async () => {
      secrets["the identity"] = (await Deno.readTextFile(identity)).split("\n")[1]!;
      const folders = [store, temporary, vault.folder];
      assert.deepEqual([...leaks, ...await leaksOf(secrets, { folders, texts: said })], []);
      assert.deepEqual(await filesIn(temporary), []);
      for (const path of (await createFolderStore(store).list("")).map(({ name }) => name)) {
        const head = new TextDecoder("latin1").decode(
          (await Deno.readFile(`${store}/${path}`)).slice(0, 22),
        );
        assert.match(head, /^(age-encryption\.org\/v1\n|\{)/, path);
      }
    },
  );

  await t.step("a standby is left for the leader, and a sealed Vault is told", async () => {
    await using standby = await startVault({ name: "vault-1", join: [vault.address] });
    for (const deadline = performance.now() + 20_000;;) {
      const { initialized } = await sealStatus(standby.client);
      if (initialized) break;
      assert.ok(performance.now() < deadline, "the standby does not join");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const share of shares.slice(0, 2)) await giveShare(standby.client, share);
    for (const deadline = performance.now() + 20_000;;) {
      const { status } = await standby.client.ask("GET", "sys/health");
      if (status === 429) break;
      assert.ok(performance.now() < deadline, `the standby answers ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const context = byRoot();
    await backupVault({ ...request, address: standby.address }, context);
    const [note] = notesOf(context).filter(({ message }) => message.includes("is a standby"));
    assert.ok(note!.message.includes(`its leader is ${vault.address}`), note!.message);

    await standby.restart();
    await assert.rejects(
      backupVault({ ...request, address: standby.address }, byRoot()),
      (error) => {
        assert.ok(error instanceof SlipwayError, String(error));
        assert.match(error.message, /^Cannot back up: sealed: main of the Vault main/);
        assert.match(error.remedy!, /unseal-vault/);
        return true;
      },
    );
  });
});

Deno.test("a Vault that another one unseals is restored, once the other's key is shown to be there", async (t) => {
  await using ground = await backupGround();
  await using other = await readyVault();
  await other.root.request("POST", "sys/mounts/transit", { body: { type: "transit" } });
  await other.root.request("POST", "transit/keys/autounseal", { body: {} });
  const seal = { address: other.vault.address, token: other.rootToken, key: "autounseal" };
  await using source = await readyVault({ seal });
  await mountCanary(source.root);
  const { platform, store, identity } = ground;
  const variables = { VAULT_TOKEN: source.rootToken, VAULT_SEAL_TOKEN: other.rootToken };
  const sealAddress = other.vault.address;
  const request = {
    platform,
    vaults: ["sealed"],
    store,
    sealAddress,
    address: source.vault.address,
  };

  await backupVault(request, quietContext(variables));
  await other.root.request("POST", "transit/keys/autounseal/rotate", { body: {} });
  const shareFile = [await ground.write("recovery.txt", source.shares.slice(0, 2).join("\n"))];
  const back = {
    platform,
    vault: "sealed",
    store,
    sealAddress,
    from: "latest",
    identity: [identity],
    shareFile,
  };

  await using empty = await startVault({ seal });
  const there = { ...back, address: empty.address };
  const withSealToken = () => quietContext({ VAULT_SEAL_TOKEN: other.rootToken });

  await t.step("the right key brings it back, also after it was rotated", async () => {
    const context = withSealToken();
    assert.equal(await restoreVault(there, context), 0);
    const table = context.events.find(({ type }) => type === "table");
    assert.match(
      JSON.stringify(table),
      /the key transit\/autounseal, version 1, of the Vault sealer at http.*recovery shares of the Vault shop-test\/sealed/,
    );
    assert.equal((await sealStatus(empty.client)).sealed, false);
  });

  await t.step("another key of that name is refused before anything is lost", async () => {
    const key = "transit/keys/autounseal";
    await other.root.request("POST", `${key}/config`, { body: { deletion_allowed: true } });
    await other.root.request("DELETE", key);
    await other.root.request("POST", key, { body: {} });
    await assert.rejects(
      restoreVault(there, withSealToken()),
      /the key transit\/autounseal of the Vault sealer is not the one that the backup depends on/,
    );
    assert.equal((await sealStatus(empty.client)).sealed, false);
    assert.notEqual(
      await empty.client.withToken(source.rootToken).request("GET", "slipway/data/canary"),
      undefined,
    );
  });
});
