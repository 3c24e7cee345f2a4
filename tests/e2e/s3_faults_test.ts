import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import { AlreadyStored, StoreError } from "../../lib/store/errors.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/store/store.ts";
import { bytesOf, streamOf } from "../store/suite.ts";
import { startMinio } from "./minio_process.ts";
import { type S3Fate, type S3Proxy, type S3ProxyRequest, startS3Proxy } from "./s3_proxy.ts";

const mebibyte = 1024 * 1024;
/** Goes in three parts. */
const large = bytesOf(17 * mebibyte);

const isPart = ({ method, query }: S3ProxyRequest, number?: number) =>
  method === "PUT" && query.has("partNumber") &&
  (number === undefined || query.get("partNumber") === String(number));
const isComplete = ({ method, query }: S3ProxyRequest) =>
  method === "POST" && query.has("uploadId");
const isPut = ({ method, query }: S3ProxyRequest) => method === "PUT" && !query.has("partNumber");
const isRead = ({ method, query }: S3ProxyRequest) => method === "GET" && !query.has("list-type");

/** Let the first `count` of such requests meet a fate. */
function first(
  count: number,
  which: (request: S3ProxyRequest) => boolean,
  fate: S3Fate,
): S3Proxy["decide"] {
  return (request) => which(request) && count-- > 0 ? fate : "pass";
}

Deno.test("a bucket behind a connection that fails is written and read all the same", async (t) => {
  await using minio = await startMinio();
  await using proxy = startS3Proxy(minio.endpoint);
  const storeWith = (changes: Record<string, string> = {}): Promise<Store> => {
    const variables: Record<string, string> = {
      ...minio.env,
      SLIPWAY_STORE_TIMEOUT_SECONDS: "0.6",
      SLIPWAY_STORE_RETRY_SECONDS: "20",
      ...changes,
    };
    return openStore(`s3://backups?endpoint=${proxy.endpoint}`, {
      env: (name) => variables[name],
      cwd: "/",
      redactor: createRedactor(),
    });
  };
  const store = await storeWith();
  await store.put("kept", large);

  const passing: [what: string, decide: S3Proxy["decide"]][] = [
    ["a part's connection is cut inside of it", first(2, isPart, { cutAfter: mebibyte })],
    ["a part is never answered", first(1, (r) => isPart(r, 2), { silentAfter: mebibyte })],
    ["parts meet 500", first(3, isPart, { status: 500, code: "InternalError" })],
    ["the beginning meets 503", first(2, () => true, { status: 503, code: "SlowDown" })],
    ["the end is done, and its answer lost", first(1, isComplete, { cutAnswerAfter: 0 })],
    ["the answer to a part is cut", first(1, isPart, { cutAnswerAfter: 20 })],
  ];
  for (const [at, [what, decide]] of passing.entries()) {
    await t.step(`written although ${what}`, async () => {
      proxy.decide = decide;
      await store.put(`passing-${at}`, streamOf([large]), { ifAbsent: true });
      proxy.decide = () => "pass";
      assert.deepEqual(await store.get(`passing-${at}`), large);
      assert.deepEqual(await minio.unfinished(`passing-${at}`), []);
    });
  }

  await t.step(
    "a small object that was written is not taken for another's when its answer is lost",
    async () => {
      proxy.decide = first(1, isPut, { cutAnswerAfter: 0 });
      await store.put("small", bytesOf(10), { ifAbsent: true });
      proxy.decide = () => "pass";
      await assert.rejects(store.put("small", bytesOf(10), { ifAbsent: true }), AlreadyStored);
    },
  );

  await t.step(
    "a wait that the store asks for is kept, and one that is too long is not begun",
    async () => {
      const refusal = { status: 503, code: "SlowDown", headers: { "retry-after": "1" } };
      proxy.decide = first(1, isPut, refusal);
      const begun = performance.now();
      await store.put("asked", bytesOf(10));
      assert.ok(performance.now() - begun >= 1_000, `waited ${performance.now() - begun} ms`);
      proxy.decide = first(1, isPut, { ...refusal, headers: { "retry-after": "3600" } });
      await assert.rejects(store.put("asked", bytesOf(10)), /answered SlowDown/);
    },
  );

  const reading: [what: string, decide: S3Proxy["decide"]][] = [
    ["its connection is cut, twice", first(2, isRead, { cutAnswerAfter: 5 * mebibyte })],
    ["nothing more comes", first(1, isRead, { silentAnswerAfter: 5 * mebibyte })],
    [
      "the rest is refused for a moment",
      (() => {
        let count = 0;
        return (request: S3ProxyRequest): S3Fate =>
          !isRead(request)
            ? "pass"
            : [{ cutAnswerAfter: mebibyte }, { status: 503, code: "SlowDown" }][count++] ?? "pass";
      })(),
    ],
  ];
  for (const [what, decide] of reading) {
    await t.step(`read to its end although ${what}`, async () => {
      proxy.decide = decide;
      assert.deepEqual(await store.get("kept"), large);
    });
  }

  await t.step("a reader that takes its time is not taken for a silent store", async () => {
    proxy.decide = () => "pass";
    const stream = await store.open("kept");
    const reader = stream!.getReader();
    let size = (await reader.read()).value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 800));
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.length;
    }
    assert.equal(size, large.length);
  });

  await t.step("an object that changed while it was read is not sewn together", async () => {
    proxy.decide = first(1, isRead, { cutAnswerAfter: 64 * 1024 });
    await store.put("changing", large);
    const stream = await store.open("changing");
    const reader = stream!.getReader();
    await reader.read();
    await store.put("changing", bytesOf(18 * mebibyte));
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    }, StoreError);
  });

  const lasting: [what: string, fate: S3Fate, message: RegExp, remedy: RegExp][] = [
    [
      "500 to each part",
      { status: 500, code: "InternalError" },
      /InternalError/,
      /try again later/,
    ],
    ["403 in the middle", { status: 403, code: "ExpiredToken" }, /have expired/, /get new ones/],
    ["a full bucket", { status: 507, code: "XMinioStorageFull" }, /is full/, /make room/],
    [
      "a bucket that is gone",
      { status: 404, code: "NoSuchBucket" },
      /no bucket/,
      /make the bucket/,
    ],
    ["a part that is never answered", { silentAfter: mebibyte }, /nothing came/, /reachable/],
    ["connections that are cut", { cutAfter: mebibyte }, /does not answer/, /reachable/],
  ];
  const hasty = await storeWith({
    SLIPWAY_STORE_TIMEOUT_SECONDS: "0.2",
    SLIPWAY_STORE_RETRY_SECONDS: "0.5",
  });
  for (const [at, [what, fate, message, remedy]] of lasting.entries()) {
    await t.step(`${what} leave nothing, complete nothing, and are told`, async () => {
      const before = proxy.requests.length;
      proxy.decide = (request) => isPart(request, 2) ? fate : "pass";
      await assert.rejects(hasty.put(`lasting-${at}`, streamOf([large])), (error) => {
        assert.ok(error instanceof StoreError, String(error));
        assert.match(error.message, message);
        assert.match(error.remedy ?? "", remedy);
        return true;
      });
      proxy.decide = () => "pass";
      assert.equal(proxy.requests.slice(before).filter(isComplete).length, 0);
      assert.equal(await store.get(`lasting-${at}`), undefined);
      assert.deepEqual(await minio.unfinished(`lasting-${at}`), []);
    });
  }

  await t.step("an interruption ends a wait for the store", async () => {
    const interruption = new AbortController();
    const reason = new Error("interrupted");
    proxy.decide = (request) => {
      if (isPart(request)) interruption.abort(reason);
      return isPart(request) ? { silentAfter: 0 } : "pass";
    };
    const begun = performance.now();
    const patient = await storeWith({ SLIPWAY_STORE_TIMEOUT_SECONDS: "60" });
    const put = patient.put("stopped", streamOf([large]), { signal: interruption.signal });
    await assert.rejects(put, reason);
    assert.ok(performance.now() - begun < 5_000);
    patient.close?.();
    proxy.decide = () => "pass";
    assert.deepEqual(await minio.unfinished("stopped"), []);
  });

  await t.step("a sweep ends what a killed run left, of these names alone", async () => {
    proxy.decide = (request) =>
      request.method === "DELETE" || isPart(request, 2)
        ? { status: 403, code: "AccessDenied" }
        : "pass";
    for (const name of ["killed/a/1", "killed/b/1"]) {
      await assert.rejects(store.put(name, streamOf([large])), StoreError);
    }
    proxy.decide = () => "pass";
    assert.equal((await minio.unfinished("killed/a/1")).length, 1);
    const soon = Temporal.Now.instant().add({ hours: 1 });
    const past = Temporal.Now.instant().subtract({ hours: 24 });
    assert.equal(await store.sweep("killed/a/", past), 0);
    assert.equal(await store.sweep("killed/a/", soon), 1);
    assert.deepEqual(await minio.unfinished("killed/a/1"), []);
    assert.equal((await minio.unfinished("killed/b/1")).length, 1);
  });

  await t.step("the store's clock is known", () => {
    const off = Temporal.Now.instant().since(store.now!()!).abs().total("seconds");
    assert.ok(off < 2, `${off} s`);
  });
  store.close?.();
  hasty.close?.();
});
