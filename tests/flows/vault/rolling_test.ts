import assert from "node:assert/strict";
import { rollingRestart } from "../../../lib/flows/vault/rolling.ts";
import { type FakeServer, fakeServer } from "../../vault/fake_server.ts";
import { testContext } from "../../context.ts";

const context = testContext();

/** Three servers, of which the second leads, and what was done with them. */
function threeServers(changes: { voters?: boolean; sealed?: number } = {}) {
  const servers = [0, 1, 2].map((index) =>
    fakeServer(`vault-${index}`, { leads: index === 1, sealed: index === changes.sealed })
  );
  const done: string[] = [];
  const [, leader] = servers as [FakeServer, FakeServer, FakeServer];
  const peers = servers.map(({ name }) => ({ node_id: name, voter: changes.voters ?? true }));
  leader.state.answers["GET sys/storage/raft/configuration"] = [200, {
    data: { config: { servers: peers } },
  }];
  leader.state.answers["PUT sys/step-down"] = [204, undefined];
  const client = {
    ...leader.client,
    request: async <T>(...[method, path, options]: Parameters<typeof leader.client.request>) => {
      if (path === "sys/step-down") {
        done.push("step down");
        leader.state.leads = false;
        servers[2]!.state.leads = true;
        return undefined;
      }
      return await leader.client.request<T>(method, path, options);
    },
  };
  return {
    servers,
    done,
    options: {
      name: "vault",
      client,
      hosting: {
        servers,
        restart: (server: string) => {
          done.push(`restart ${server}`);
          servers.find(({ name }) => name === server)!.state.sealed = true;
          return Promise.resolve();
        },
      },
      unseal: ({ name }: { name: string }) => {
        done.push(`unseal ${name}`);
        servers.find((server) => server.name === name)!.state.sealed = false;
        return Promise.resolve();
      },
      timeoutMs: 200,
    },
  };
}

Deno.test("standbys are restarted first, then the leader hands over and is the last", async () => {
  const { done, options } = threeServers();
  await rollingRestart(options, context);
  assert.deepEqual(done, [
    "restart vault-0",
    "unseal vault-0",
    "restart vault-2",
    "unseal vault-2",
    "step down",
    "restart vault-1",
    "unseal vault-1",
  ]);
});

Deno.test("nothing is restarted while one server is sealed", async () => {
  const { done, options } = threeServers({ sealed: 2 });
  await assert.rejects(rollingRestart(options, context), /server by server: sealed: vault-2/);
  assert.deepEqual(done, []);
});

Deno.test("nothing is restarted while a server has no vote: the others would be too few", async () => {
  const { done, options } = threeServers({ voters: false });
  await assert.rejects(rollingRestart(options, context), /vault-0, vault-1, vault-2 has no vote/);
  assert.deepEqual(done, []);
});

Deno.test("the next server waits until the one before has caught up", async () => {
  const { servers, done, options } = threeServers();
  servers[1]!.state.committed = 9;
  await assert.rejects(
    rollingRestart(options, context),
    /until vault-0 has caught up, and after 0.2 s it is at 7 of 9/,
  );
  assert.deepEqual(done, ["restart vault-0", "unseal vault-0"]);
});
