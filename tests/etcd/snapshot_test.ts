import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { EtcdClient } from "../../lib/etcd/client.ts";
import { etcdSnapshot } from "../../lib/etcd/snapshot.ts";

const { signal } = new AbortController();
const database = crypto.getRandomValues(new Uint8Array(50_000));
const sum = new Uint8Array(createHash("sha256").update(database).digest());

const lines = (...blobs: Uint8Array<ArrayBuffer>[]) =>
  blobs.map((blob) =>
    `${JSON.stringify({ result: { blob: blob.toBase64(), version: "3.6.0" } })}\n`
  )
    .join("");

/** An etcd that answers with a text, in pieces that end anywhere. */
function answering(text: string, piece = 1_000): EtcdClient {
  const bytes = new TextEncoder().encode(text);
  const body = ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.slice(at, at + piece);
  })());
  return {
    url: "http://etcd",
    call: () => Promise.resolve(new Response(body)),
    [Symbol.dispose]: () => {},
  };
}

async function read(client: EtcdClient): Promise<{ bytes: Uint8Array; sha256: string }> {
  const { stream, sha256 } = await etcdSnapshot(client, { signal });
  return { bytes: await new Response(stream).bytes(), sha256: sha256() };
}

Deno.test("a snapshot is the database and its sum, in whatever pieces it comes", async () => {
  const parts = [database.slice(0, 20_000), database.slice(20_000), sum];
  for (const piece of [7, 1_000, 1_000_000]) {
    const { bytes, sha256 } = await read(answering(lines(...parts), piece));
    assert.equal(bytes.toHex(), database.toHex() + sum.toHex());
    assert.equal(sha256, sum.toHex());
  }
});

Deno.test("a snapshot that is cut off, also between two lines, or changed is refused", async () => {
  const changed = database.slice();
  changed[30_000]! ^= 1;
  for (
    const text of [
      lines(database),
      lines(database.slice(0, 20_000)),
      lines(changed, sum),
      lines(database, sum.slice(1)),
      lines(database, sum).slice(0, -30),
      "",
    ]
  ) {
    await assert.rejects(read(answering(text)), /Refused a snapshot of etcd: it was cut off or/);
  }
});

Deno.test("an etcd that falls silent is not waited for", async () => {
  const start = new TextEncoder().encode(lines(database));
  const body = new ReadableStream({ start: (controller) => controller.enqueue(start) });
  const client = { ...answering(""), call: () => Promise.resolve(new Response(body)) };
  const { stream } = await etcdSnapshot(client, { signal, silentMs: 20 });
  await assert.rejects(
    new Response(stream).bytes(),
    /Cannot take a snapshot of etcd: nothing came for 0.02 s/,
  );
});

Deno.test("what etcd says of its failure is told", async () => {
  const text = lines(database) + '{"error":{"code":2,"message":"disk is gone"}}\n';
  await assert.rejects(read(answering(text)), /Cannot take a snapshot of etcd: disk is gone/);
});
