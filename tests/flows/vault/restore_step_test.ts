import assert from "node:assert/strict";
import type { RestoreStage } from "../../../lib/flows/vault/restore_state.ts";
import { restoreStep } from "../../../lib/flows/vault/restore_step.ts";
import type { ServerState } from "../../../lib/vault/status.ts";
import { VaultError } from "../../../lib/vault/errors.ts";

const server = (initialized: boolean, sealed: boolean, name = "vault-0"): ServerState => ({
  name,
  seal: {
    ...{ type: "shamir", initialized, sealed, threshold: 2, shares: 3, progress: 0 },
    ...{ migration: false, recoverySeal: false, version: "1.21.1" },
  },
});
const away: ServerState = {
  name: "vault-1",
  problem: new VaultError("it does not answer", { problem: "unreachable", address: "x" }),
};
const [empty, open, sealed] = [server(false, true), server(true, false), server(true, true)];

function step(states: ServerState[], stage?: RestoreStage, hasToken = false) {
  const kept = stage === undefined ? undefined : { stage };
  const { because: _, ...rest } = restoreStep(states, kept, { hasToken });
  return rest;
}

Deno.test("an empty Vault is filled, whatever an earlier run kept of another one at its address", () => {
  for (
    const stage of [undefined, "initialising", "initialised", "replacing", "replaced"] as const
  ) {
    assert.deepEqual(step([empty], stage), { action: "fill" });
  }
});

Deno.test("what an earlier run began is gone on with", () => {
  for (const state of [open, sealed]) {
    assert.deepEqual(step([state], "initialised"), { action: "go-on" });
    assert.deepEqual(step([state], "replaced"), { action: "prove" });
  }
  assert.deepEqual(step([sealed], "replacing"), { action: "prove" });
});

Deno.test("a Vault that holds data is replaced by its own token, and else emptied", () => {
  assert.deepEqual(step([open], undefined, true), { action: "replace", empties: false });
  assert.deepEqual(step([open]), { action: "replace", empties: true });
  assert.deepEqual(step([sealed], undefined, true), { action: "replace", empties: true });
});

Deno.test("a replacement that was cut off before Vault saw the snapshot is asked for again", () => {
  assert.deepEqual(step([open], "replacing", true), { action: "replace", empties: false });
});

Deno.test("a Vault whose keys nobody has, since a run was cut off, is emptied", () => {
  assert.deepEqual(step([sealed], "initialising"), { action: "replace", empties: true });
});

Deno.test("a server that does not answer may hold data, so nothing is begun", () => {
  const { action, because } = restoreStep([empty, away], undefined, { hasToken: true });
  assert.equal(action, "refuse");
  assert.match(because, /vault-1 does not answer, and may hold data/);
});

Deno.test("one server that is initialised is enough for a Vault that is in use", () => {
  assert.equal(step([empty, server(true, true, "vault-1")]).action, "replace");
});
