import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import { patienceOf } from "../../lib/store/patience.ts";
import { createPersist } from "../../lib/store/s3_retry.ts";

const failure = (fields: Record<string, unknown>) => Object.assign(new Error("no"), fields);
const slow = failure({ name: "SlowDown", $metadata: { httpStatusCode: 503 } });
const refused = failure({ code: "ECONNREFUSED" });

/** Fails so many times, then answers. */
function failing(count: number, error: Error) {
  let tries = 0;
  return {
    ask: () => tries++ < count ? Promise.reject(error) : Promise.resolve("answer"),
    tries: () => tries,
  };
}

Deno.test("persist() asks again while a failure may pass", async () => {
  const { ask, tries } = failing(3, slow);
  assert.equal(await createPersist(10_000)(ask), "answer");
  assert.equal(tries(), 4);
});

Deno.test("persist() asks once where a failure stays", async () => {
  for (const name of ["AccessDenied", "NoSuchBucket", "PreconditionFailed", "XMinioStorageFull"]) {
    const { ask, tries } = failing(9, failure({ name, $metadata: { httpStatusCode: 403 } }));
    await assert.rejects(createPersist(10_000)(ask));
    assert.equal(tries(), 1, name);
  }
});

Deno.test("persist() gives a store up that never answered, and waits for one that did", async () => {
  const waits: number[] = [];
  const persist = createPersist(60_000, { sleep: (ms) => Promise.resolve(void waits.push(ms)) });
  const never = failing(99, refused);
  await assert.rejects(persist(never.ask));
  assert.equal(never.tries(), 5);
  assert.equal(waits.length, 4);
  await persist(() => Promise.resolve());
  const away = failing(6, refused);
  assert.equal(await persist(away.ask), "answer");
});

Deno.test("persist() ends with its patience, and at once when it is interrupted", async () => {
  const { ask, tries } = failing(999, slow);
  await assert.rejects(createPersist(300)(ask));
  assert.ok(tries() >= 2 && tries() < 9, `${tries()} tries`);
  const interruption = new AbortController();
  const reason = new Error("interrupted");
  const persisting = createPersist(60_000)(() => {
    interruption.abort(reason);
    return Promise.reject(slow);
  }, interruption.signal);
  await assert.rejects(persisting);
});

Deno.test("patienceOf() reads seconds, and refuses what are none", () => {
  assert.deepEqual(patienceOf(() => undefined), { silentMs: 60_000, retryMs: 60_000 });
  assert.deepEqual(patienceOf(() => "0.5"), { silentMs: 500, retryMs: 500 });
  for (const text of ["0", "-1", "1m", "NaN"]) {
    assert.throws(() => patienceOf(() => text), UsageError);
  }
});
