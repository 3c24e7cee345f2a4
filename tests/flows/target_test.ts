import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { chooseTarget } from "../../lib/flows/target.ts";

Deno.test("chooseTarget() takes the embedded cluster when nothing else is named", () => {
  assert.deepEqual(chooseTarget({}), { kind: "embedded", name: "slipway" });
  assert.deepEqual(chooseTarget({ cluster: "b" }), { kind: "embedded", name: "b" });
});

Deno.test("chooseTarget() lets the command line win over what the environment declares", () => {
  const declared = { context: "prod" };
  assert.deepEqual(chooseTarget({}, declared), { kind: "kubeconfig", context: "prod" });
  assert.deepEqual(chooseTarget({ context: "test" }, declared), {
    kind: "kubeconfig",
    kubeconfig: undefined,
    context: "test",
  });
  assert.deepEqual(chooseTarget({ cluster: "b" }, declared), { kind: "embedded", name: "b" });
});

Deno.test("chooseTarget() refuses an embedded and another cluster at once", () => {
  assert.throws(() => chooseTarget({ cluster: "b", kubeconfig: "k.yaml" }), (error: UsageError) => {
    assert.equal(error.exitCode, 2);
    assert.match(error.message, /--cluster b .*--kubeconfig k\.yaml/);
    return true;
  });
});

Deno.test("chooseTarget() never falls back to the embedded cluster when the environment declares hosts", () => {
  const hosts = { one: { address: "192.0.2.1", user: "root", role: "server" as const } };
  assert.throws(() => chooseTarget({}, { hosts }), UsageError);
  assert.equal(chooseTarget({ context: "prod" }, { hosts }).kind, "kubeconfig");
});
