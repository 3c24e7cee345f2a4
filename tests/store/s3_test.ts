import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { StoreError } from "../../lib/store/errors.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/store/store.ts";
import { type FakeS3, s3Failure, startFakeS3 } from "./fake_s3.ts";
import { bytesOf, type StoreGround, storeSuite, streamOf } from "./suite.ts";

const text = (value: string) => new TextEncoder().encode(value);

interface S3Ground extends StoreGround {
  s3: FakeS3;
}

/** A store in a fake S3. Time-outs of the client leave timers, which end with the process. */
async function ground(prefix = ""): Promise<S3Ground> {
  const s3 = startFakeS3();
  const store = await storeOf(s3, prefix);
  return {
    s3,
    store,
    leftovers: () => Promise.resolve([...s3.uploads.keys()]),
    [Symbol.asyncDispose]: () => s3[Symbol.asyncDispose](),
  };
}

async function storeOf({ endpoint }: { endpoint: string }, path = ""): Promise<Store> {
  const environment: Record<string, string> = {
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  return await openStore(`s3://backups${path}?endpoint=${endpoint}`, {
    env: (name) => environment[name],
    cwd: "/",
    redactor: createRedactor(),
  });
}

storeSuite("S3", ground, { largeBytes: 20 * 1024 * 1024 });
storeSuite("S3 below a prefix", () => ground("/a%20b/c"), { largeBytes: 9 * 1024 * 1024 });

Deno.test("S3: a prefix is neither shown in names nor left", async () => {
  await using made = await ground("/one");
  await made.store.put("x", text("1"));
  made.s3.objects.set("one-more/x", text("2"));
  made.s3.objects.set("one/folder/", text(""));
  assert.deepEqual([...made.s3.objects.keys()][0], "one/x");
  assert.deepEqual((await made.store.list("")).map(({ name }) => name), ["x"]);
  assert.equal(made.store.url, "s3://backups/one");
});

Deno.test("S3: a large object goes in parts, with the checksum that AWS asks for", async () => {
  await using made = await ground();
  await made.store.put("large", streamOf([bytesOf(9 * 1024 * 1024)]));
  const actions = made.s3.requests.map(({ action }) => action);
  assert.deepEqual(actions, [
    "CreateMultipartUpload",
    "UploadPart",
    "UploadPart",
    "CompleteMultipartUpload",
  ]);
  assert.ok(made.s3.requests[1]!.headers.has("x-amz-checksum-crc32"));
});

Deno.test("S3: a part that fails for a moment is sent again", async () => {
  await using made = await ground();
  let failures = 0;
  made.s3.intercept = ({ action }) =>
    action === "UploadPart" && failures++ < 2 ? s3Failure("SlowDown", 503) : undefined;
  const bytes = bytesOf(9 * 1024 * 1024);
  await made.store.put("large", streamOf([bytes]));
  assert.equal((await made.store.get("large"))?.length, bytes.length);
});

Deno.test("S3: an upload that fails is aborted, and never completed", async () => {
  await using made = await ground();
  made.s3.intercept = ({ action }) =>
    action === "UploadPart" ? s3Failure("AccessDenied", 403) : undefined;
  await assert.rejects(made.store.put("large", streamOf([bytesOf(30 * 1024 * 1024)])), StoreError);
  const actions = made.s3.requests.map(({ action }) => action);
  assert.ok(actions.includes("AbortMultipartUpload"), actions.join());
  assert.ok(!actions.includes("CompleteMultipartUpload"), actions.join());
  assert.deepEqual(await made.leftovers(), []);
});

Deno.test("S3: a sweep aborts uploads that were killed, of its names and old ones only", async () => {
  await using made = await ground("/own");
  const { uploads } = made.s3;
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  uploads.set("old", { key: "own/a/1", parts: new Map(), at: hoursAgo(25) });
  uploads.set("new", { key: "own/a/2", parts: new Map(), at: hoursAgo(1) });
  uploads.set("foreign", { key: "own/b/3", parts: new Map(), at: hoursAgo(25) });
  const before = Temporal.Now.instant().subtract({ hours: 24 });
  assert.equal(await made.store.sweep("a/", before), 1);
  assert.deepEqual([...uploads.keys()], ["new", "foreign"]);
});

const refusals: [code: string, status: number, message: RegExp, remedy: RegExp][] = [
  ["NoSuchBucket", 404, /has no bucket backups/, /make the bucket/],
  ["AccessDenied", 403, /denies it/, /let these credentials do s3:PutObject.* in the bucket/],
  ["InvalidAccessKeyId", 403, /does not know this access key/, /AWS_ACCESS_KEY_ID/],
  ["SignatureDoesNotMatch", 403, /secret key does not belong/, /both of one pair/],
  ["ExpiredToken", 400, /credentials have expired/, /get new ones/],
  ["RequestTimeTooSkewed", 403, /clocks .* differ too much/, /NTP/],
  ["AuthorizationHeaderMalformed", 400, /another region/, /region/],
  ["XMinioStorageFull", 507, /the store is full/, /make room/],
  ["ObjectLocked", 400, /the object is locked/, /until its retention ends/],
  ["MethodNotAllowed", 405, /answered MethodNotAllowed.*HTTP 405/, /manual/],
];

for (const [code, status, message, remedy] of refusals) {
  Deno.test(`S3: ${code} is told with its cause and remedy, and only once`, async () => {
    await using made = await ground();
    made.s3.intercept = () => s3Failure(code, status);
    await assert.rejects(made.store.put("a/b", text("x")), (error) => {
      assert.ok(error instanceof StoreError, String(error));
      assert.match(error.message, /^Cannot write a\/b to s3:\/\/backups: /);
      assert.match(error.message, message);
      assert.match(error.remedy ?? "", remedy);
      assert.equal(error.retryable, false);
      return true;
    });
    // A clock is set right once, by the server's own.
    const most = code === "RequestTimeTooSkewed" ? 2 : 1;
    assert.ok(made.s3.requests.length <= most, `${made.s3.requests.length} requests`);
  });
}

Deno.test("S3: an object that cannot be read is not one that is not there", async () => {
  await using made = await ground();
  made.s3.intercept = () => s3Failure("AccessDenied", 403);
  await assert.rejects(made.store.get("a"), /Cannot read a from s3:\/\/backups: .* denies it/);
  await assert.rejects(made.store.list(""), /Cannot list/);
  await assert.rejects(made.store.delete("a"), /Cannot list/);
});

Deno.test("S3: a store that does not answer is told, and may be tried again", async () => {
  const s3 = startFakeS3();
  const store = await storeOf(s3);
  await s3[Symbol.asyncDispose]();
  await assert.rejects(store.list(""), (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.match(error.message, /does not answer: .*refused/);
    assert.equal(error.retryable, true);
    return true;
  });
});

Deno.test("S3: what makes the bytes tells itself why it failed", async () => {
  await using s3 = startFakeS3();
  const store = await storeOf(s3);
  const failure = new SlipwayError("Cannot dump shop: the connection was closed");
  await assert.rejects(store.put("a", streamOf([bytesOf(10)], failure)), failure);
});

Deno.test("S3: a body that is cut off does not pass for whole", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(8192));
    await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this"));
  })();
  const store = await storeOf({ endpoint: `http://127.0.0.1:${listener.addr.port}` });
  await assert.rejects(store.get("a"), (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.match(error.message, /Cannot read a from s3:\/\/backups/);
    return true;
  });
  await serving;
});
