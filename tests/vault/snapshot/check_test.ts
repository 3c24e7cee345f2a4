import assert from "node:assert/strict";
import {
  checkSnapshot,
  SnapshotDamaged,
  snapshotGuard,
} from "../../../lib/vault/snapshot/check.ts";
import { type ArchiveFile, gzip, snapshotFiles, tarOf } from "./archive.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const state = crypto.getRandomValues(new Uint8Array(50_000));
const snapshot = (files: readonly ArchiveFile[]) => gzip(tarOf(files));

/** A stream in pieces of a size. */
function inPieces(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const count = Math.ceil(bytes.length / size);
  return ReadableStream.from(
    Array.from({ length: count }, (_, at) => bytes.slice(at * size, (at + 1) * size)),
  );
}

/** The files, one of them changed. */
function changed(
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
) {
  return snapshotFiles(state).map((file) =>
    file.name === name ? { name, bytes: change(file.bytes) } : file
  );
}

Deno.test("checkSnapshot() reads what a whole snapshot says of itself, however its bytes come", async () => {
  const bytes = await snapshot(snapshotFiles(state));
  for (const size of [100, 512, 4096, 1_000_000]) {
    const facts = await checkSnapshot(inPieces(bytes, size));
    assert.deepEqual(facts, { index: 42, term: 3, stateBytes: 50_000 });
  }
});

Deno.test("checkSnapshot() refuses a snapshot that is cut off, wherever it is cut", async () => {
  const bytes = await snapshot(snapshotFiles(state));
  for (const at of [0, 5, 100, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
    await assert.rejects(
      checkSnapshot(inPieces(bytes.slice(0, at), 4096)),
      SnapshotDamaged,
      `${at}`,
    );
  }
});

Deno.test("checkSnapshot() refuses a snapshot with a flipped bit", async () => {
  const bytes = await snapshot(snapshotFiles(state));
  // The ten bytes of gzip's own header hold a time and the like, which nobody checks.
  for (let at = 10; at < bytes.length; at += 997) {
    const flipped = bytes.slice();
    flipped[at]! ^= 1;
    await assert.rejects(checkSnapshot(inPieces(flipped, 4096)), SnapshotDamaged, `${at}`);
  }
});

Deno.test("checkSnapshot() compares the sums inside of the archive", async () => {
  const flip = (bytes: Uint8Array<ArrayBuffer>) => {
    const copy = bytes.slice();
    copy[copy.length >> 1]! ^= 1;
    return copy;
  };
  await assert.rejects(
    checkSnapshot(inPieces(await snapshot(changed("state.bin", flip)), 4096)),
    /the SHA-256 of its state\.bin is [0-9a-f]{64}, SHA256SUMS has [0-9a-f]{64}/,
  );
  const padded = (bytes: Uint8Array<ArrayBuffer>) => encode(`${new TextDecoder().decode(bytes)} `);
  await assert.rejects(
    checkSnapshot(inPieces(await snapshot(changed("meta.json", padded)), 4096)),
    /the SHA-256 of its meta\.json/,
  );
});

Deno.test("checkSnapshot() refuses an archive that lacks a file, or has another", async () => {
  for (const { name } of snapshotFiles(state)) {
    const files = snapshotFiles(state).filter((file) => file.name !== name);
    await assert.rejects(
      checkSnapshot(inPieces(await snapshot(files), 4096)),
      (error) => error instanceof SnapshotDamaged && error.message.includes(`it has no ${name}`),
    );
  }
  const files = [...snapshotFiles(state), { name: "passwd", bytes: encode("x") }];
  await assert.rejects(
    checkSnapshot(inPieces(await snapshot(files), 4096)),
    /it has a file "passwd" that no snapshot has/,
  );
});

Deno.test("checkSnapshot() refuses what is no snapshot at all", async () => {
  for (
    const bytes of [encode("{}"), await gzip(encode("no archive")), await gzip(new Uint8Array())]
  ) {
    await assert.rejects(checkSnapshot(inPieces(bytes, 4096)), SnapshotDamaged);
  }
});

Deno.test("a guard passes a whole snapshot on, and then knows its facts", async () => {
  const bytes = await snapshot(snapshotFiles(state));
  const guard = snapshotGuard();
  const passed = await new Response(inPieces(bytes, 1000).pipeThrough(guard.stream)).bytes();
  assert.deepEqual(passed, bytes);
  assert.equal(guard.facts().index, 42);
});

Deno.test("a guard fails before a damaged snapshot ends", async () => {
  const whole = await snapshot(snapshotFiles(state));
  for (const bytes of [whole.slice(0, -1), whole.slice(0, 1000), encode("no snapshot")]) {
    const guard = snapshotGuard();
    const reading = new Response(inPieces(bytes, 1000).pipeThrough(guard.stream)).bytes();
    await assert.rejects(reading, SnapshotDamaged);
  }
});

Deno.test("a guard whose source fails, fails with it", async () => {
  const failure = new Error("the connection was cut");
  const whole = await snapshot(snapshotFiles(state));
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(whole.slice(0, 1000));
    },
    pull: (controller) => controller.error(failure),
  }, { highWaterMark: 0 });
  const guard = snapshotGuard();
  await assert.rejects(new Response(source.pipeThrough(guard.stream)).bytes(), failure);
});
