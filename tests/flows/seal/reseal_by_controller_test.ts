import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import type { Controller, ControllerAnswer } from "../../../lib/flows/seal/controller.ts";
import {
  resealUnitByController,
  servedCertificate,
} from "../../../lib/flows/seal/reseal_by_controller.ts";
import type { SealUnit } from "../../../lib/flows/seal/units.ts";
import { itemDigest } from "../../../lib/seal/record.ts";
import { makePair } from "../../seal/sealing_pair.ts";

const { cert, certificate: target } = await makePair();
const signal = new AbortController().signal;

function fake(answer: (path: string, body: string) => ControllerAnswer) {
  const asked: string[] = [];
  const controller: Controller = {
    source: "the controller",
    ask(_method, path, body = "") {
      asked.push(body);
      return Promise.resolve(answer(path, body));
    },
    [Symbol.dispose]: () => {},
  };
  return { controller, asked };
}

const current = {
  key: "CURRENT",
  sealed: "AgCurrent",
  record: { certificate: target.fingerprint, label: "shop", item: await itemDigest("AgCurrent") },
};
const replaced = { ...current, key: "REPLACED", sealed: "AgReplaced" };
const moved = { ...current, key: "MOVED", record: { ...current.record, label: "prod" } };
const unknown = { key: "UNKNOWN", sealed: "AgUnknown", record: undefined };

const unit = {
  name: "web",
  namespace: "shop",
  scope: "namespace-wide",
  label: "shop",
  items: [current, replaced, moved, unknown],
} as unknown as SealUnit;

Deno.test("the controller is given what is not known to have its newest key, with the scope in both places", async () => {
  const { controller, asked } = fake((_path, body) => {
    const { spec } = JSON.parse(body);
    const encryptedData = Object.fromEntries(
      Object.keys(spec.encryptedData).map((key) => [key, `AgNew${key}`]),
    );
    return { status: 200, text: JSON.stringify({ metadata: {}, spec: { encryptedData } }) };
  });
  const results = await resealUnitByController(unit, { controller, target }, { signal });
  const actions = Object.fromEntries([...results].map(([key, { action }]) => [key, action]));
  assert.deepEqual(actions, {
    CURRENT: "unchanged",
    REPLACED: "resealed",
    MOVED: "resealed",
    UNKNOWN: "resealed",
  });
  assert.equal(asked.length, 1);
  const { metadata, spec } = JSON.parse(asked[0]!);
  const annotations = { "sealedsecrets.bitnami.com/namespace-wide": "true" };
  assert.deepEqual(metadata, { name: "web", namespace: "shop", annotations });
  assert.deepEqual(spec.template.metadata.annotations, annotations);
  assert.deepEqual(Object.keys(spec.encryptedData), ["REPLACED", "MOVED", "UNKNOWN"]);
  const { record, sealed } = results.get("UNKNOWN")!;
  assert.equal(sealed, "AgNewUNKNOWN");
  assert.deepEqual(record, {
    certificate: target.fingerprint,
    label: "shop",
    item: await itemDigest("AgNewUNKNOWN"),
  });
});

Deno.test("what the controller refuses stays as it is, and is shut", async () => {
  const { controller } = fake(() => ({ status: 500, text: "" }));
  const results = await resealUnitByController(unit, { controller, target }, { signal });
  assert.deepEqual(results.get("UNKNOWN"), {
    action: "shut",
    because: "the controller answers 500 for the items of this Secret",
    sealed: "AgUnknown",
    record: undefined,
  });
});

Deno.test("the served certificate is read, or it is said why there is none", async () => {
  const { controller } = fake(() => ({ status: 200, text: cert }));
  assert.equal((await servedCertificate(controller)).fingerprint, target.fingerprint);
  const broken = fake(() => ({ status: 500, text: "cannot get certificate" })).controller;
  await assert.rejects(servedCertificate(broken), (error: unknown) => {
    assert.ok(error instanceof SlipwayError);
    assert.equal(error.retryable, true);
    assert.match(error.message, /it answers 500/);
    return true;
  });
});
