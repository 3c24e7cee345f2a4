import assert from "node:assert/strict";
import { ExitCode } from "../../lib/core/errors.ts";
import { bringUp } from "../../lib/flows/vault/install.ts";
import { createKeyStore } from "../../lib/flows/vault/keys.ts";
import { readIdentityFiles } from "../../lib/flows/vault/open_keys.ts";
import { restartServers } from "../../lib/flows/vault/restart.ts";
import { serverTable, whatIsWrong } from "../../lib/flows/vault/status.ts";
import { withRootToken } from "../../lib/flows/vault/token.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import { hasProblem, VaultError } from "../../lib/vault/errors.ts";
import { raftPeers } from "../../lib/vault/raft.ts";
import { lookAtAll } from "../../lib/vault/status.ts";
import { withInstallation } from "./vault_installation.ts";
import { openProcesses } from "./vault_open.ts";
import { serverCertificate, startVault } from "./vault_process.ts";

Deno.test("three servers join, restart one by one under a client that reads, and lose their quorum", async (t) => {
  const tls = await serverCertificate(["127.0.0.1"]);
  await using first = await startVault({ name: "vault-0", tls });
  // One joins as its configuration says, the other is told to.
  await using second = await startVault({ name: "vault-1", tls, join: [first.address] });
  await using third = await startVault({ name: "vault-2", tls });
  const processes = [first, second, third];

  await withInstallation(first.address, async ({ platform, keys, holders, context }) => {
    const identity = holders.slice(0, 2).map(({ identityFile }) => identityFile);
    const request = { platform, keys, identity, joinByThemselvesMs: 1_000 };
    const store = createKeyStore(createFolderStore(keys), { plain: false });
    const open = await openProcesses(processes, platform, context);
    const shares = async () =>
      (await store.shares(await readIdentityFiles({ identity }, context), context))
        .map(({ share }) => share);
    let reader = "";

    await t.step("all of them are joined and unsealed with the shares of one run", async () => {
      assert.equal(await bringUp(open, store, request, context), ExitCode.done);
      const states = await open.look(context);
      assert.equal(whatIsWrong("vault", states), undefined);
      assert.deepEqual(
        serverTable("vault", states).rows.map(([name, state]) => [name, state]),
        processes.map(({ name }) => [name, "unsealed"]),
      );
    });

    await t.step("each of them gets a vote", async () => {
      await withRootToken(open, await shares(), context, async (root) => {
        await root.request("POST", "sys/storage/raft/autopilot/configuration", {
          body: { server_stabilization_time: "100ms" },
        });
        await root.request("POST", "secret/data/shop", { body: { data: { answer: "42" } } });
        const created = await root.request<{ auth: { client_token: string } }>(
          "POST",
          "auth/token/create-orphan",
          { body: { policies: ["readers"] } },
        );
        reader = created!.auth.client_token;
        const deadline = performance.now() + 10_000;
        while ((await raftPeers(root)).some(({ voter }) => !voter)) {
          if (performance.now() > deadline) throw new Error("no votes after 10 s");
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    });

    await t.step("standbys are restarted first, the leader last, and reads go on", async () => {
      const restarted: string[] = [];
      const leaders: (string | undefined)[] = [];
      const leader = async () =>
        (await lookAtAll(open.servers)).find((state) => state.leader?.isLeader)?.name;
      const watched = {
        ...open,
        hosting: {
          ...open.hosting,
          restart: async (server: string) => {
            restarted.push(server);
            leaders.push(await leader());
            await open.hosting.restart(server, context);
          },
        },
      };
      const before = await leader();
      const reading = new AbortController();
      const reads = readAlways(processes.map(({ client }) => client.withToken(reader)), reading);
      await restartServers(watched, store, request, context);
      reading.abort();
      const { count, longestMs } = await reads;
      assert.equal(restarted.at(-1), before);
      assert.deepEqual(restarted.toSorted(), ["vault-0", "vault-1", "vault-2"]);
      assert.ok(leaders.every((each, index) => each !== undefined && each !== restarted[index]));
      assert.ok(count > 50, `only ${count} reads`);
      assert.ok(longestMs < 5_000, `a read took ${longestMs} ms`);
      assert.equal(whatIsWrong("vault", await open.look(context)), undefined);
    });

    await t.step("when two are killed, the third says that its quorum is lost", async () => {
      const states = await open.look(context);
      const leader = states.find((state) => state.leader?.isLeader)!.name;
      const last = processes.find(({ name }) => name !== leader)!;
      for (const process of processes) if (process !== last) await process.kill();
      await assert.rejects(
        last.client.withToken(reader).request("GET", "secret/data/shop", { timeoutMs: 1_000 }),
        (error) => {
          assert.ok(error instanceof VaultError);
          assert.ok(["no-leader", "standby", "timed-out"].includes(error.problem), error.message);
          return true;
        },
      );
      const wrong = whatIsWrong("vault", await open.look(context));
      assert.match(wrong!.message, /lost its quorum: 1 of 3 servers answer, more than half must/);
      assert.match(wrong!.remedy, /^start vault-/);
    });
  });
});

/** Read a secret without a pause, at whichever server answers; a read counts from its first try. */
async function readAlways(
  clients: readonly {
    request: (method: "GET", path: string, options: object) => Promise<unknown>;
  }[],
  { signal }: AbortController,
): Promise<{ count: number; longestMs: number }> {
  let count = 0;
  let longestMs = 0;
  for (let next = 0; !signal.aborted; count++) {
    const startedAt = performance.now();
    for (;; next++) {
      try {
        const answer = await clients[next % clients.length]!.request("GET", "secret/data/shop", {
          timeoutMs: 500,
        }) as { data: { data: { answer: string } } };
        assert.equal(answer.data.data.answer, "42");
        break;
      } catch (error) {
        if (!(error instanceof VaultError) || hasProblem(error, "permission-denied")) throw error;
      }
    }
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { count, longestMs };
}
