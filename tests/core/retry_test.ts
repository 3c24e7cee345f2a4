import assert from "node:assert/strict";
import fc from "fast-check";
import { SlipwayError } from "../../lib/core/errors.ts";
import { backoffMs, retry, sleepFor } from "../../lib/core/retry.ts";

const again = () => new SlipwayError("later", { retryable: true });

/** Options under which no time passes, and the waits that were asked for. */
function noTime() {
  const waits: number[] = [];
  return {
    waits,
    options: {
      random: () => 0,
      sleep: (ms: number) => {
        waits.push(ms);
        return Promise.resolve();
      },
    },
  };
}

/** An operation that fails with each of these errors in turn, then succeeds. */
function failing(...errors: unknown[]) {
  let calls = 0;
  return {
    calls: () => calls,
    operation: () => {
      const error = errors[calls++];
      return error === undefined ? Promise.resolve("done") : Promise.reject(error);
    },
  };
}

Deno.test("retry() tries again after a failure that says it may pass, and waits longer each time", async () => {
  const { waits, options } = noTime();
  const { operation, calls } = failing(again(), again(), again());
  assert.equal(await retry(operation, options), "done");
  assert.equal(calls(), 4);
  assert.deepEqual(waits, [100, 200, 400]);
});

Deno.test("retry() does not try again what cannot pass by itself", async () => {
  const { options } = noTime();
  for (const error of [new SlipwayError("no"), new Error("no"), "no"]) {
    const { operation, calls } = failing(error);
    await assert.rejects(retry(operation, options), (thrown) => thrown === error);
    assert.equal(calls(), 1);
  }
});

Deno.test("retry() throws the last error once its tries are used up", async () => {
  const { options } = noTime();
  const errors = [again(), again(), again()];
  const { operation, calls } = failing(...errors, again());
  await assert.rejects(retry(operation, { ...options, attempts: 3 }), (e) => e === errors[2]);
  assert.equal(calls(), 3);
});

Deno.test("retry() waits as long as the failure asks for", async () => {
  const { waits, options } = noTime();
  const { operation } = failing(again());
  await retry(operation, { ...options, delayAsked: () => 7_000 });
  assert.deepEqual(waits, [7_000]);
});

Deno.test("retry() tells the operation which try it is", async () => {
  const { options } = noTime();
  const attempts: number[] = [];
  await retry((attempt) => {
    attempts.push(attempt);
    return attempt < 3 ? Promise.reject(again()) : Promise.resolve();
  }, options);
  assert.deepEqual(attempts, [1, 2, 3]);
});

Deno.test("retry() does not begin once its signal is aborted, nor go on after a failure", async () => {
  const reason = new Error("stop");
  const { operation, calls } = failing();
  await assert.rejects(
    retry(operation, { signal: AbortSignal.abort(reason) }),
    (e) => e === reason,
  );
  assert.equal(calls(), 0);

  const controller = new AbortController();
  const error = again();
  const once = retry(() => {
    controller.abort(reason);
    return Promise.reject(error);
  }, { signal: controller.signal });
  await assert.rejects(once, (e) => e === error);
});

Deno.test("an abort ends the waiting between two tries with the signal's reason", async () => {
  const reason = new Error("stop");
  const controller = new AbortController();
  const waiting = retry(() => {
    queueMicrotask(() => queueMicrotask(() => controller.abort(reason)));
    return Promise.reject(again());
  }, { signal: controller.signal, firstDelayMs: 60_000, maxDelayMs: 60_000 });
  await assert.rejects(waiting, (error) => error === reason);
});

Deno.test("backoffMs() stays between its share of the full wait and the longest wait", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const full = Math.min(5_000, 100 * 2 ** (attempt - 1));
        const wait = backoffMs(attempt, { random: () => random });
        assert.ok(wait <= full && wait >= Math.floor(full / 2), `${wait} of ${full}`);
      },
    ),
  );
});

Deno.test("sleepFor() rejects at once when its signal is aborted already", async () => {
  const reason = new Error("stop");
  await assert.rejects(sleepFor(60_000, AbortSignal.abort(reason)), (error) => error === reason);
});

Deno.test("sleepFor() leaves neither timer nor listener behind", async () => {
  const controller = new AbortController();
  await sleepFor(1, controller.signal);
  controller.abort(new Error("too late to matter"));
});
