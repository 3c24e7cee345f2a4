import assert from "node:assert/strict";
import { AlreadyStored, StoreError } from "../../lib/store/errors.ts";
import type { Store } from "../../lib/store/store.ts";

/** A store that a test has for itself. */
export interface StoreGround extends AsyncDisposable {
  /** An empty store. */
  store: Store;
  /** Unfinished writes that lie there: temporary files, or parts. */
  leftovers: () => Promise<string[]>;
}

const text = (value: string) => new TextEncoder().encode(value);

/** Bytes of a size, the same each time. */
export function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let at = 0; at < size; at++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}

/** A stream that gives these chunks, and then ends or fails. */
export function streamOf(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  failure?: Error,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[next++];
      if (chunk !== undefined) controller.enqueue(chunk);
      else if (failure !== undefined) controller.error(failure);
      else controller.close();
    },
  });
}

/** What one store must do. */
export interface StoreRule {
  /** The rule, as a sentence without the store. */
  sentence: string;
  /** Fails where the store breaks it. */
  check: (ground: StoreGround) => Promise<void>;
}

/** What every store must pass, each rule in a test of its own. */
export function storeSuite(
  kind: string,
  open: () => Promise<StoreGround>,
  sizes: { largeBytes: number },
): void {
  for (const { sentence, check } of storeRules(sizes)) {
    Deno.test(`${kind}: ${sentence}`, async () => {
      await using ground = await open();
      await check(ground);
    });
  }
}

/** What every store must do. `largeBytes` is a size that it cannot write in one piece. */
export function storeRules({ largeBytes }: { largeBytes: number }): StoreRule[] {
  const rules: StoreRule[] = [];
  const test = (sentence: string, check: StoreRule["check"]) => rules.push({ sentence, check });

  test("what was put is got, listed and opened", async ({ store, leftovers }) => {
    await store.put("a/b.txt", text("hello"));
    assert.deepEqual(await store.get("a/b.txt"), text("hello"));
    const stream = await store.open("a/b.txt");
    assert.equal(await new Response(stream).text(), "hello");
    const [object, ...others] = await store.list("");
    assert.equal(others.length, 0);
    assert.deepEqual([object?.name, object?.sizeBytes], ["a/b.txt", 5]);
    const age = Temporal.Now.instant().since(object!.modifiedAt).total("seconds");
    assert.ok(Math.abs(age) < 60, `modified ${age} s ago`);
    assert.deepEqual(await leftovers(), []);
  });

  test("an object that is not there is undefined, and not removed", async ({ store }) => {
    assert.equal(await store.get("nothing"), undefined);
    assert.equal(await store.open("nothing/here"), undefined);
    assert.equal(await store.delete("nothing"), false);
    assert.deepEqual(await store.list("nothing"), []);
  });

  test("an empty object is an object", async ({ store }) => {
    await store.put("empty", new Uint8Array());
    await store.put("empty-stream", streamOf([]));
    assert.deepEqual(await store.get("empty"), new Uint8Array());
    assert.deepEqual((await store.list("empty")).map(({ sizeBytes }) => sizeBytes), [0, 0]);
  });

  test("a large stream comes back byte for byte", async ({ store, leftovers }) => {
    const chunk = bytesOf(1024 * 1024 + 7);
    const count = Math.ceil(largeBytes / chunk.length);
    await store.put("large", streamOf(Array<typeof chunk>(count).fill(chunk)));
    const back = await store.get("large");
    assert.equal(back?.length, count * chunk.length);
    assert.ok(back.subarray(-chunk.length).every((byte, at) => byte === chunk[at]));
    assert.deepEqual(await leftovers(), []);
  });

  test("a put replaces what was there", async ({ store }) => {
    await store.put("name", text("old"));
    await store.put("name", text("new"));
    assert.deepEqual(await store.get("name"), text("new"));
    assert.equal((await store.list("")).length, 1);
  });

  test("a put that must not overwrite leaves what is there", async ({ store, leftovers }) => {
    await store.put("name", text("old"), { ifAbsent: true });
    await assert.rejects(store.put("name", text("new"), { ifAbsent: true }), AlreadyStored);
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(bytesOf(64 * 1024)),
      cancel: () => void (cancelled = true),
    }, { highWaterMark: 0 });
    await assert.rejects(store.put("name", stream, { ifAbsent: true }), AlreadyStored);
    assert.ok(cancelled, "nobody told the source that nothing more is wanted");
    assert.deepEqual(await store.get("name"), text("old"));
    assert.deepEqual(await leftovers(), []);
  });

  test("of many puts at once that must not overwrite, one is done", async ({ store }) => {
    const writers = Array.from({ length: 8 }, (_, at) => text(`writer ${at}`));
    const outcomes = await Promise.allSettled(
      writers.map((body) => store.put("lock", body, { ifAbsent: true })),
    );
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    const losers = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(losers.length, 7);
    for (const { reason } of losers) assert.ok(reason instanceof AlreadyStored, String(reason));
    assert.deepEqual(await store.get("lock"), writers[winner]);
  });

  for (const [size, bytes] of [["small", 10], ["large", largeBytes]] as const) {
    test(`a ${size} stream that fails leaves what was there`, async ({ store, leftovers }) => {
      await store.put("name", text("old"));
      const failure = new Error("the dump ended early");
      await assert.rejects(store.put("name", streamOf([bytesOf(bytes)], failure)), failure);
      assert.deepEqual(await store.get("name"), text("old"));
      assert.deepEqual(await leftovers(), []);
    });
  }

  test("a put that is interrupted leaves nothing", async ({ store, leftovers }) => {
    const interruption = new AbortController();
    const reason = new Error("interrupted");
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(bytesOf(1024)),
      pull() {
        interruption.abort(reason);
      },
    });
    const put = store.put("name", endless, { signal: interruption.signal });
    await assert.rejects(put, reason);
    assert.equal(await store.get("name"), undefined);
    assert.deepEqual(await leftovers(), []);
  });

  test("a list has the names that begin with the prefix, in order", async ({ store }) => {
    const names = ["app/1", "app/2", "app-staging/1", "app2/1", "appendix", "b"];
    for (const name of names) await store.put(name, text(name));
    const listed = async (prefix: string) => (await store.list(prefix)).map(({ name }) => name);
    assert.deepEqual(await listed("app/"), ["app/1", "app/2"]);
    assert.deepEqual(await listed("app"), [
      "app-staging/1",
      "app/1",
      "app/2",
      "app2/1",
      "appendix",
    ]);
    assert.deepEqual((await listed("")).length, names.length);
  });

  test("a removed object is gone", async ({ store }) => {
    await store.put("a/b", text("x"));
    assert.equal(await store.delete("a/b"), true);
    assert.equal(await store.get("a/b"), undefined);
    assert.deepEqual(await store.list(""), []);
  });

  test("names with spaces, quotes, signs and other scripts are kept", async ({ store }) => {
    const names = [
      "a b/c'd\"e",
      "-rf",
      "100%/50%25",
      "søn/数据",
      "a+b&c=d?e#f",
      "~",
      "x".repeat(240),
    ];
    for (const name of names) await store.put(name, text(name));
    assert.deepEqual((await store.list("")).map(({ name }) => name), [...names].sort());
    for (const name of names) assert.deepEqual(await store.get(name), text(name));
  });

  test("names that lead out of the store are refused", async ({ store }) => {
    for (
      const name of ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".x", "a\0b", "a\\b"]
    ) {
      await assert.rejects(store.put(name, text("x")), StoreError, name);
      await assert.rejects(store.get(name), StoreError, name);
      await assert.rejects(store.delete(name), StoreError, name);
    }
    assert.deepEqual(await store.list(""), []);
  });

  test("a sweep leaves finished objects", async ({ store }) => {
    await store.put("a", text("x"));
    assert.equal(await store.sweep("", Temporal.Now.instant().add({ hours: 1 })), 0);
    assert.deepEqual(await store.get("a"), text("x"));
  });

  return rules;
}
