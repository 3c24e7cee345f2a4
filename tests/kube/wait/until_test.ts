import assert from "node:assert/strict";
import { SlipwayError, TimedOut } from "../../../lib/core/errors.ts";
import type { KubeObject } from "../../../lib/core/object.ts";
import { failed, failing, ready, type Verdict, waiting } from "../../../lib/kube/ready/verdict.ts";
import { waitUntil } from "../../../lib/kube/wait/until.ts";
import { createFakeClient } from "../fake_client.ts";
import { sample } from "../sample_objects.ts";
import { manualClock } from "../wait_harness.ts";

const ref = { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "web" };

function begin(judge: (object: KubeObject | undefined) => Verdict, objects: KubeObject[] = []) {
  const client = createFakeClient(objects);
  const { now, sleep, advance, asleep } = manualClock();
  const options = { now, sleep, timeoutMs: 60_000, purpose: "the Secret", remedy: "see why" };
  return { client, advance, asleep, result: waitUntil(client, ref, judge, options) };
}

Deno.test("waitUntil() returns the object once it is as wanted, and ends its watch", async () => {
  const { client, result } = begin((object) =>
    object?.["data"] === undefined ? waiting("is empty") : ready("is there")
  );
  client.set(sample("v1", "Secret"));
  client.set(sample("v1", "Secret", { data: { a: "b" } }));
  assert.deepEqual((await result)["data"], { a: "b" });
  assert.deepEqual(client.openWatches, []);
});

Deno.test("waitUntil() tells what was said last when time runs out", async () => {
  const { advance, asleep, result } = begin(() => failing("is not synced"), [
    sample("v1", "Secret"),
  ]);
  await asleep(60_000);
  advance(60_000);
  await assert.rejects(result, (error: unknown) => {
    assert(error instanceof TimedOut);
    assert.equal(
      error.message,
      "Gave up waiting for the Secret after 1 min 0 s: Secret shop/web: is not synced",
    );
    assert.equal(error.remedy, "see why");
    return true;
  });
});

Deno.test("waitUntil() ends at once when the object failed for good", async () => {
  const { result } = begin(() => failed("is refused"), [sample("v1", "Secret")]);
  await assert.rejects(
    result,
    (error: unknown) =>
      error instanceof SlipwayError && /Secret shop\/web is refused$/.test(error.message),
  );
});
