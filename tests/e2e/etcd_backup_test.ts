import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { backupEtcd } from "../../lib/flows/etcd/backup.ts";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { readObject } from "../../lib/flows/backup/objects.ts";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import { freePort } from "../../lib/local/ports.ts";
import { startProcess, stopProcess } from "../../lib/local/process.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import { hostContext } from "../context.ts";
import { withFolder } from "../folder.ts";

const text = (value: string) => new TextEncoder().encode(value).toBase64();

/** Give a test a real etcd, which may find a database already. */
async function withEtcd(
  folder: string,
  work: (ask: (method: string, body: unknown) => Promise<Response>, url: string) => Promise<void>,
): Promise<void> {
  const [url, peer] = [0, 0].map(() => `http://127.0.0.1:${freePort()}`) as [string, string];
  const running = await startProcess({
    command: [
      ...[await programPath("etcd", hostContext()), "--data-dir", folder, "--unsafe-no-fsync"],
      ...["--listen-client-urls", url, "--advertise-client-urls", url],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`],
    ],
    env: {},
    cwd: folder,
    logFile: `${folder}/log`,
  });
  const ask = (method: string, body: unknown) =>
    fetch(`${url}/v3/${method}`, { method: "POST", body: JSON.stringify(body) });
  try {
    for (const deadline = performance.now() + 20_000;;) {
      const answer = await ask("maintenance/status", {}).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) break;
      assert.ok(performance.now() < deadline, await Deno.readTextFile(`${folder}/log`));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await work(ask, url);
  } finally {
    await stopProcess(running, { graceMs: 5_000 });
    await running.ended;
  }
}

Deno.test("etcd is backed up, and another one finds in the backup what was in it", () =>
  withFolder(async (folder) => {
    const [first, second, kept] = ["first", "second", "kept"].map((name) =>
      `${folder}/${name}`
    ) as [
      string,
      string,
      string,
    ];
    for (const each of [first, `${second}/member/snap`, kept]) {
      await Deno.mkdir(each, { recursive: true });
    }
    const identity = await generateIdentity();
    const recipient = [await identityToRecipient(identity)];
    const context = hostContext();
    const store = createFolderStore(kept);
    await withEtcd(first, async (ask, etcd) => {
      await (await ask("kv/put", { key: text("app"), value: text("one") })).body?.cancel();
      assert.equal(await backupEtcd({ etcd, store: kept, recipient }, context), 0);
      const request = { etcd, store: kept, unencrypted: true };
      await assert.rejects(backupEtcd(request, context), /Refused to back up secrets in the clear/);

      const source = { kind: "etcd", scope: "standalone", name: new URL(etcd).host };
      const { backups: [backup] } = await listBackups(store, source, context);
      const { record } = backup!;
      assert.equal(record.details["revision"], 2);
      const snapshot = await readObject(store, source, record, record.objects[0]!, {
        identities: [identity],
        signal: context.signal,
      });
      assert.equal(snapshot.slice(-32).toHex(), record.details["sha256"]);
      await Deno.writeFile(`${second}/member/snap/db`, snapshot.slice(0, -32), { mode: 0o600 });
    });
    await withEtcd(second, async (ask) => {
      const answer = await ask("kv/range", { key: text("app"), serializable: true });
      const { kvs = [] } = await answer.json() as { kvs?: { value: string }[] };
      assert.deepEqual(kvs.map(({ value }) => value), [text("one")]);
    });
    const nobody = { etcd: `http://127.0.0.1:${freePort()}`, store: kept, recipient };
    await assert.rejects(backupEtcd(nobody, context), /Cannot ask etcd at http/);
  }));
