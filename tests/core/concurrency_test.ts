import assert from "node:assert/strict";
import fc from "fast-check";
import { mapConcurrently } from "../../lib/core/concurrency.ts";

/** Work that ends only when it is told to. */
function gatedWork() {
  const gates = new Map<number, PromiseWithResolvers<number>>();
  return {
    started: () => [...gates.keys()],
    end: (item: number) => gates.get(item)!.resolve(item * 10),
    fail: (item: number, error: Error) => gates.get(item)!.reject(error),
    work: (item: number) => {
      const gate = Promise.withResolvers<number>();
      gates.set(item, gate);
      return gate.promise;
    },
  };
}

/** Lets everything run that waits for no more than resolved promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test("mapConcurrently() keeps the order of the items, whatever ends first", async () => {
  const { work, end } = gatedWork();
  const all = mapConcurrently([1, 2, 3], 3, work);
  for (const item of [3, 1, 2]) end(item);
  assert.deepEqual(await all, [10, 20, 30]);
});

Deno.test("mapConcurrently() starts no more than the limit at a time", async () => {
  const { work, end, started } = gatedWork();
  const all = mapConcurrently([1, 2, 3], 2, work);
  assert.deepEqual(started(), [1, 2]);
  end(2);
  await settle();
  assert.deepEqual(started(), [1, 2, 3]);
  end(1);
  end(3);
  await all;
});

Deno.test("after an error mapConcurrently() starts nothing, and waits for what is under way", async () => {
  const { work, end, fail, started } = gatedWork();
  const error = new Error("no");
  let isOver = false;
  const all = mapConcurrently([1, 2, 3], 2, work);
  const rejected = assert.rejects(all.finally(() => isOver = true), (thrown) => thrown === error);
  fail(1, error);
  await settle();
  assert.deepEqual([started(), isOver], [[1, 2], false]);
  end(2);
  await rejected;
});

Deno.test("mapConcurrently() throws the first of several errors", async () => {
  const { work, fail } = gatedWork();
  const first = new Error("first");
  const all = mapConcurrently([1, 2], 2, work);
  const rejected = assert.rejects(all, (thrown) => thrown === first);
  fail(2, first);
  await settle();
  fail(1, new Error("second"));
  await rejected;
});

Deno.test("mapConcurrently() is map() for all items and limits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer()),
      fc.integer({ min: 1, max: 8 }),
      async (items, limit) => {
        let running = 0;
        const results = await mapConcurrently(items, limit, async (item, index) => {
          assert.ok(++running <= limit);
          await Promise.resolve();
          running--;
          return `${index}:${item}`;
        });
        assert.deepEqual(results, items.map((item, index) => `${index}:${item}`));
      },
    ),
  );
});
