import assert from "node:assert/strict";
import { createWorkQueue } from "../../../lib/local/nodes/work_queue.ts";

interface Harness {
  done: string[];
  failures: string[];
  finish(key: string, error?: Error): void;
}

function harness(limit: number, signal = new AbortController().signal) {
  const running = new Map<string, PromiseWithResolvers<void>>();
  const told: Harness = {
    done: [],
    failures: [],
    finish(key, error) {
      const work = running.get(key);
      assert.ok(work, `${key} is not under way`);
      running.delete(key);
      if (error === undefined) work.resolve();
      else work.reject(error);
    },
  };
  const queue = createWorkQueue({
    limit,
    signal,
    failed: (message) => told.failures.push(message),
    sleep: () => Promise.resolve(),
    async work(key) {
      const work = Promise.withResolvers<void>();
      running.set(key, work);
      await work.promise;
      told.done.push(key);
    },
  });
  return { ...told, queue, underWay: () => [...running.keys()] };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("a key that is added again while it waits is worked on once", async () => {
  const { queue, done, finish } = harness(1);
  queue.add("a");
  queue.add("b");
  queue.add("b");
  finish("a");
  await turn();
  finish("b");
  await queue.idle();
  assert.deepEqual(done, ["a", "b"]);
});

Deno.test("a key that is added while it is worked on is worked on once more, not twice at a time", async () => {
  const { queue, done, finish, underWay } = harness(4);
  queue.add("a");
  queue.add("a");
  assert.deepEqual(underWay(), ["a"]);
  finish("a");
  await turn();
  assert.deepEqual(underWay(), ["a"]);
  finish("a");
  await queue.idle();
  assert.deepEqual(done, ["a", "a"]);
});

Deno.test("no more keys than the limit are worked on at a time", async () => {
  const { queue, finish, underWay } = harness(2);
  for (const key of ["a", "b", "c"]) queue.add(key);
  assert.deepEqual(underWay(), ["a", "b"]);
  finish("a");
  await turn();
  assert.deepEqual(underWay(), ["b", "c"]);
  finish("b");
  finish("c");
  await queue.idle();
});

Deno.test("work that fails is told of and tried again", async () => {
  const { queue, done, failures, finish } = harness(1);
  queue.add("a");
  finish("a", new Error("no answer"));
  await turn();
  finish("a");
  await queue.idle();
  assert.deepEqual(failures, ["no answer"]);
  assert.deepEqual(done, ["a"]);
});

Deno.test("after the end of the signal nothing more is begun", async () => {
  const ending = new AbortController();
  const { queue, finish, underWay } = harness(1, ending.signal);
  queue.add("a");
  queue.add("b");
  ending.abort();
  finish("a");
  await turn();
  assert.deepEqual(underWay(), []);
});
