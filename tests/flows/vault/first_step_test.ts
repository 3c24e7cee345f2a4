import assert from "node:assert/strict";
import { firstStep, type KeptKeys } from "../../../lib/flows/vault/first_step.ts";
import { newRecord } from "../../../lib/flows/vault/key_record.ts";
import { VaultError } from "../../../lib/vault/errors.ts";
import { sealStatusOf, type ServerState } from "../../../lib/vault/status.ts";

const begun = newRecord(
  { vault: "vault", platform: "shop", environment: "prod", seal: "shamir" },
  { shares: 5, threshold: 3 },
  Temporal.Instant.from("2026-11-21T12:00:00Z"),
);
const done = { ...begun, state: "initialised" as const, initialisedAt: "2026-11-21T12:00:05Z" };

function server(name: string, body: Record<string, unknown>): ServerState {
  return { name, seal: sealStatusOf({ type: "shamir", t: 3, n: 5, ...body }) };
}
const empty = server("vault-0", { initialized: false, sealed: true });
const sealed = server("vault-0", { initialized: true, sealed: true });
const unsealed = server("vault-0", { initialized: true, sealed: false });
const away: ServerState = {
  name: "vault-1",
  problem: new VaultError("away", { problem: "unreachable", address: "vault-1" }),
};
const kept = (changes: Partial<KeptKeys> = {}): KeptKeys => ({
  where: "file:///keys",
  pending: false,
  ...changes,
});

Deno.test("a Vault that is new is initialised", () => {
  assert.equal(firstStep([empty], kept()).action, "initialise");
  assert.equal(firstStep([empty], kept({ record: begun })).action, "initialise");
});

Deno.test("as long as one server is away, none is initialised: it may be the one that is", () => {
  const step = firstStep([empty, away], kept());
  assert.equal(step.action, "refuse");
  assert.match(step.because, /vault-1 does not answer/);
});

Deno.test("a Vault that is initialised is left alone, whether its keys are here or not", () => {
  for (const state of [sealed, unsealed]) {
    assert.equal(firstStep([state], kept()).action, "leave");
    assert.equal(firstStep([state], kept({ record: done })).action, "leave");
  }
  assert.equal(firstStep([sealed, { ...empty, name: "vault-1" }], kept()).action, "leave");
});

Deno.test("keys of an earlier Vault are put aside, and never written over", () => {
  assert.equal(firstStep([empty], kept({ record: done })).action, "initialise-anew");
  const pending = kept({ record: begun, pending: true });
  assert.equal(firstStep([empty], pending).action, "initialise-anew");
});

Deno.test("keys that were stored at once get their places later", () => {
  const pending = kept({ record: begun, pending: true });
  assert.equal(firstStep([sealed], pending).action, "finish-keeping");
  assert.equal(
    firstStep([unsealed], kept({ record: done, pending: true })).action,
    "finish-keeping",
  );
});

Deno.test("a Vault whose keys nobody ever had is made anew", () => {
  const step = firstStep([sealed], kept({ record: begun }));
  assert.equal(step.action, "start-over");
  assert.deepEqual(step.action === "start-over" && step.servers, ["vault-0"]);
  const byItself = server("vault-0", { type: "transit", initialized: true, sealed: false });
  assert.equal(firstStep([byItself], kept({ record: begun })).action, "start-over");
});

Deno.test("a Vault that somebody else initialised meanwhile is not touched", () => {
  const cases: [ServerState, RegExp][] = [
    [unsealed, /vault-0 is unsealed, so somebody has its shares/],
    [
      server("vault-0", { initialized: true, sealed: true, n: 7 }),
      /has 3 of 7 shares, not the 3 of 5/,
    ],
  ];
  for (const [state, because] of cases) {
    const step = firstStep([state], kept({ record: begun }));
    assert.equal(step.action, "refuse");
    assert.match(step.because, because);
    assert.match(step.action === "refuse" ? step.remedy : "", /remove record\.json/);
  }
});
