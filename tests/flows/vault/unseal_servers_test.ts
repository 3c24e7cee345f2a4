import assert from "node:assert/strict";
import { TimedOut } from "../../../lib/core/errors.ts";
import {
  joinServers,
  unsealServers,
  untilUnsealed,
} from "../../../lib/flows/vault/unseal_servers.ts";
import { WrongShares } from "../../../lib/vault/unseal.ts";
import { fakeServer } from "../../vault/fake_server.ts";
import { testContext } from "../../context.ts";

const context = testContext();

async function* from(...shares: string[]) {
  for (const share of shares) yield await Promise.resolve({ share, from: `the file of ${share}` });
}
const quietly = { progress: () => {} };
const sealed = (name: string, changes = {}) => fakeServer(name, { sealed: true, ...changes });

Deno.test("all servers are unsealed with the same shares, and the progress is told", async () => {
  const servers = [sealed("vault-0"), fakeServer("vault-1"), sealed("vault-2")];
  const told: string[] = [];
  const result = await unsealServers(
    servers,
    from("one", "two", "three"),
    { progress: (detail) => told.push(detail) },
    context,
  );
  assert.deepEqual(result, { unsealed: ["vault-0", "vault-2"], waiting: [] });
  assert.deepEqual(told, [
    "vault-0: 1 of 2 shares",
    "vault-2: 1 of 2 shares",
    "vault-0: 2 of 2 shares",
    "vault-2: 2 of 2 shares",
  ]);
  assert.ok(!servers[1]!.calls.includes("PUT sys/unseal"));
});

Deno.test("with too few shares a server keeps what it was given, for the next holder", async () => {
  const server = sealed("vault-0");
  const first = await unsealServers([server], from("one"), quietly, context);
  assert.deepEqual(first.waiting, [{ name: "vault-0", progress: 1, threshold: 2 }]);
  const second = await unsealServers([server], from("two"), quietly, context);
  assert.deepEqual(second, { unsealed: ["vault-0"], waiting: [] });
});

Deno.test("wrong shares are told with where the last one is from, and never with what they are", async () => {
  const server = sealed("vault-0");
  await assert.rejects(
    unsealServers([server], from("one", "others"), quietly, context),
    (error) => {
      assert.ok(error instanceof WrongShares);
      assert.equal(error.malformed, false);
      assert.match(error.message, /the last one that vault-0 was given is from the file of others/);
      return true;
    },
  );
  await assert.rejects(
    unsealServers([server], from("malformed"), quietly, context),
    (error) => error instanceof WrongShares && error.malformed,
  );
});

Deno.test("a wrong share that somebody gave before is forgotten where these are enough alone", async () => {
  const server = sealed("vault-0", { given: ["others"] });
  const result = await unsealServers([server], from("one", "two"), quietly, context);
  assert.deepEqual(result.unsealed, ["vault-0"]);
});

Deno.test("a wrong share that somebody gave before is told where these are too few alone", async () => {
  const server = sealed("vault-0", { given: ["others"] });
  await assert.rejects(unsealServers([server], from("one"), quietly, context), WrongShares);
  assert.deepEqual(server.state.given, []);
});

Deno.test("a server that does not answer is told as it is", () =>
  assert.rejects(
    unsealServers([sealed("vault-0", { away: true })], from("one"), quietly, context),
    /Cannot GET sys\/seal-status at the Vault http:\/\/vault-0:8200: the connection was refused/,
  ));

Deno.test("waiting for a server ends with what it is at last", () =>
  assert.rejects(untilUnsealed(sealed("vault-0"), 60, context, "look there"), (error) => {
    assert.ok(error instanceof TimedOut);
    assert.match(error.message, /vault-0 is not as wanted after 0.06 s: sealed/);
    assert.equal(error.remedy, "look there");
    return true;
  }));

Deno.test("a server that does not join by itself is told to join the leader", async () => {
  const leader = fakeServer("vault-0");
  const stranger = fakeServer("vault-1", { initialized: false, sealed: true });
  const bodies: string[] = [];
  const { client } = stranger;
  const watched = {
    name: "vault-1",
    client: {
      ...client,
      request: async <T>(...[method, path, options]: Parameters<typeof client.request>) => {
        if (path !== "sys/storage/raft/join") return await client.request<T>(method, path, options);
        bodies.push(JSON.stringify(options?.body));
        stranger.state.initialized = true;
      },
    },
  };
  await joinServers([watched], leader, { caCert: "PEM", byThemselvesMs: 0 }, context);
  assert.deepEqual(bodies.map((body) => JSON.parse(body)), [
    { leader_api_addr: "http://vault-0:8200", leader_ca_cert: "PEM", retry: false },
  ]);
});
