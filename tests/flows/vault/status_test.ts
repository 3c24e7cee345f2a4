import assert from "node:assert/strict";
import { serverTable, whatIsWrong } from "../../../lib/flows/vault/status.ts";
import { lookAtAll } from "../../../lib/vault/status.ts";
import { fakeServer, type FakeState } from "../../vault/fake_server.ts";

async function wrong(changes: Partial<FakeState>[], sealer?: string) {
  const servers = changes.map((each, index) => fakeServer(`vault-${index}`, each));
  const found = whatIsWrong("vault", await lookAtAll(servers), sealer);
  return found === undefined ? undefined : `${found.message} | ${found.remedy}`;
}
const standby = { leads: false };

Deno.test("a Vault whose servers are unsealed and led works", async () => {
  assert.equal(await wrong([{}]), undefined);
  assert.equal(await wrong([standby, {}, standby]), undefined);
});

Deno.test("each state in which a Vault does not work is told with its remedy", async () => {
  const sealed = { sealed: true };
  const isNew = { initialized: false, sealed: true };
  const away = { away: true };
  const cases: [Partial<FakeState>[], RegExp][] = [
    [[sealed], /sealed: vault-0 of the Vault vault \| .*unseal-vault/],
    [[{}, sealed, sealed], /sealed: vault-1, vault-2/],
    [[isNew], /vault is not initialised \| .*install-vault/],
    [[{}, isNew], /not joined: vault-1 .*install-vault/],
    [[away], /does not answer: .*refused \| check that Vault runs/],
    [
      [standby, away, away],
      /lost its quorum: 1 of 3 servers answer.* \| start vault-1 and vault-2/,
    ],
    [
      [{}, standby, away],
      /does not answer: Cannot GET sys\/seal-status at the Vault http:\/\/vault-2/,
    ],
    [
      [{ leads: false, leaderAddress: "" }, { leads: false, leaderAddress: "" }],
      /has no leader: more than half/,
    ],
  ];
  for (const [servers, expected] of cases) assert.match(await wrong(servers) ?? "", expected);
});

Deno.test("a Vault that another one unseals names that one when it does not start", async () => {
  assert.match(
    await wrong([{ away: true }], "bootstrap") ?? "",
    /while the Vault bootstrap, which unseals it, is sealed or away.*--vault bootstrap/,
  );
});

Deno.test("the table tells of each server what people ask first", async () => {
  const states = await lookAtAll([
    fakeServer("vault-0"),
    fakeServer("vault-1", { leads: false, type: "transit", index: 5 }),
    fakeServer("vault-2", { sealed: true, given: ["one"] }),
    fakeServer("vault-3", { away: true }),
  ]);
  assert.deepEqual(serverTable("vault", states).rows, [
    ["vault-0", "unsealed", "leader", "shamir, 2 of 3 shares", "1.21.1", "7 of 7"],
    ["vault-1", "unsealed", "standby", "transit, 2 of 3 recovery shares", "1.21.1", "5 of 7"],
    ["vault-2", "sealed, 1 of 2 shares given", "", "shamir, 2 of 3 shares", "1.21.1", ""],
    ["vault-3", "no answer: unreachable", "", "", "", ""],
  ]);
});
