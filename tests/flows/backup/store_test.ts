import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { fileName, folderOf, nameOfSource } from "../../../lib/backup/names.ts";
import { type BackupRecord, writeRecord } from "../../../lib/backup/record.ts";
import type { SourceFilter } from "../../../lib/backup/source_filter.ts";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import {
  checkStored,
  openPlain,
  readObject,
  writeObject,
} from "../../../lib/flows/backup/objects.ts";
import { findSources } from "../../../lib/flows/backup/sources.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";

const { signal } = new AbortController();
const source = { kind: "vault", scope: "shop-test", name: "main" };
const encode = (text: string) => new TextEncoder().encode(text);
const streamOf = (...chunks: string[]) => ReadableStream.from(chunks.map(encode));

interface Ground extends AsyncDisposable {
  store: Store;
  folder: string;
  identity: string;
  recipient: string;
  /** Write a whole backup with this id. */
  back(id: string, changes?: Partial<BackupRecord>): Promise<BackupRecord>;
  path(id: string, suffix: string): string;
}

async function ground(): Promise<Ground> {
  const folder = await Deno.makeTempDir();
  const store = createFolderStore(folder);
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  return {
    store,
    folder,
    identity,
    recipient,
    path: (id, suffix) => `${folder}/${fileName(source, { id, suffix })}`,
    async back(id, changes = {}) {
      const object = await writeObject(
        store,
        {
          source,
          id,
          suffix: "snap.age",
          plain: streamOf("all ", "of it"),
          recipients: [recipient],
        },
        { signal },
      );
      const record: BackupRecord = {
        ...{ format: 1, ...source, id, createdAt: "2026-11-21T03:00:00Z", durationMs: 1 },
        ...{ tool: "slipway 0.1.0", objects: [object], recipients: [recipient], details: {} },
        ...changes,
      };
      const name = fileName(source, { id, suffix: "json" });
      await store.put(name, encode(writeRecord(record)));
      return record;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const [first, second, third] = ["a", "b", "c"].map((sign) =>
  `20261121T030000Z-${sign.repeat(6)}`
) as [
  string,
  string,
  string,
];
const list = ({ store }: Ground) => listBackups(store, source, { signal });
const ids = (backups: readonly { record: BackupRecord }[]) =>
  backups.map(({ record }) => record.id);

Deno.test("listBackups() has the newest first, each with its verification", async () => {
  await using made = await ground();
  // Of the same second, and the other way round than the ids are.
  await made.back(second, { createdAt: "2026-11-21T03:00:00.100Z" });
  await made.back(first, { createdAt: "2026-11-21T03:00:00.200Z" });
  const verification = {
    ...{ id: first, verifiedAt: "2026-11-22T00:00:00Z", durationMs: 5 },
    ...{ target: "x", proof: "y" },
  };
  await Deno.writeTextFile(made.path(first, "verified.json"), JSON.stringify(verification));
  const { backups, damaged, unfinished, foreign } = await list(made);
  assert.deepEqual(ids(backups), [first, second]);
  assert.deepEqual(backups.map(({ verification }) => verification?.durationMs), [5, undefined]);
  assert.deepEqual([damaged, unfinished, foreign], [[], [], []]);
});

Deno.test("an object without a record is no backup, and a record without its object neither", async () => {
  await using made = await ground();
  await made.back(first);
  await made.back(second);
  await made.back(third);
  await Deno.remove(made.path(second, "json"));
  await Deno.remove(made.path(third, "snap.age"));
  const { backups, damaged, unfinished } = await list(made);
  assert.deepEqual(ids(backups), [first]);
  assert.deepEqual(unfinished, [fileName(source, { id: second, suffix: "snap.age" })]);
  assert.deepEqual(damaged, [{ id: third, because: `its object ${third}.snap.age is not there` }]);
});

Deno.test("a record that is cut off, of another place, or of an object of another size is damaged", async () => {
  await using made = await ground();
  await made.back(first);
  await made.back(second, { name: "other" });
  await made.back(third);
  await Deno.writeTextFile(made.path(first, "json"), '{"format": 1,');
  await Deno.truncate(made.path(third, "snap.age"), 100);
  const { backups, damaged } = await list(made);
  assert.deepEqual(backups, []);
  const because = Object.fromEntries(damaged.map(({ id, because }) => [id, because]));
  assert.match(because[first]!, /it is no JSON/);
  assert.match(because[second]!, /in the wrong place: its name is "other", wanted "main"/);
  assert.match(because[third]!, /has 100 bytes, wanted \d+/);
});

Deno.test("what belongs to another source, or to nobody, is left out", async () => {
  await using made = await ground();
  await made.back(first);
  await made.store.put(`${folderOf(source)}notes.txt`, encode("mine"));
  await made.store.put(`${folderOf({ ...source, name: "main-2" })}${second}.json`, encode("{}"));
  const { backups, damaged, foreign } = await list(made);
  assert.deepEqual(ids(backups), [first]);
  assert.deepEqual(damaged, []);
  assert.deepEqual(foreign, [`${folderOf(source)}notes.txt`]);
});

Deno.test("items of a source have backups of their own, and all sources are found", async () => {
  await using made = await ground();
  await made.back(first);
  const item = { ...source, item: "orders/2026" };
  const object = await writeObject(made.store, {
    ...{ source: item, id: second, suffix: "dump.age", plain: streamOf("x") },
    recipients: [made.recipient],
  }, { signal });
  const record = { ...(await made.back(third)), ...item, id: second, objects: [object] };
  await made.store.put(fileName(item, { id: second, suffix: "json" }), encode(writeRecord(record)));
  const { backups, unfinished, foreign } = await list(made);
  assert.deepEqual([ids(backups).toSorted(), unfinished, foreign], [[first, third], [], []]);
  assert.deepEqual(ids((await listBackups(made.store, item, { signal })).backups), [second]);

  await made.store.put("notes/of/somebody/x.txt", encode("mine"));
  const other = { ...source, name: "main-2" };
  await made.store.put(fileName(other, { id: second, suffix: "json" }), encode("{"));
  const sources = async (filter: SourceFilter) =>
    (await findSources(made.store, filter, { signal })).map(nameOfSource);
  const all = [
    "vault shop-test/main",
    "vault shop-test/main/orders/2026",
    "vault shop-test/main-2",
  ];
  assert.deepEqual((await sources({})).toSorted(), all.toSorted());
  assert.deepEqual((await sources({ ...source })).toSorted(), all.slice(0, 2).toSorted());
  assert.deepEqual(await sources({ scope: "shop-production" }), []);
});

Deno.test("a store that does not answer is not a store without backups", async () => {
  await using made = await ground();
  await made.back(first);
  const away: Store = {
    ...made.store,
    get: () => Promise.reject(new StoreError("Cannot read: it does not answer")),
  };
  await assert.rejects(listBackups(away, source, { signal }), StoreError);
});

Deno.test("an object comes back as it was, and is not readable in the store", async () => {
  await using made = await ground();
  const record = await made.back(first);
  const [object] = record.objects;
  const read = await readObject(made.store, source, record, object!, {
    identities: [made.identity],
    signal,
  });
  assert.equal(new TextDecoder().decode(read), "all of it");
  const stored = await Deno.readTextFile(made.path(first, "snap.age"));
  assert.match(stored, /^age-encryption\.org\/v1\n/);
  assert.ok(!stored.includes("all of it"));
  assert.equal(object!.plain.sizeBytes, 9);
});

Deno.test("an object that was changed, cut off or removed is refused", async () => {
  await using made = await ground();
  const record = await made.back(first);
  const [object] = record.objects;
  const path = made.path(first, "snap.age");
  const whole = await Deno.readFile(path);
  const flipped = whole.slice();
  flipped[whole.length - 5]! ^= 1;
  const options = { identities: [made.identity], signal };
  const faults: [Uint8Array | undefined, RegExp][] = [
    [flipped, /was changed: it/],
    [whole.slice(0, -1), /is cut off: it has \d+ bytes/],
    [undefined, /it is not there/],
  ];
  for (const [bytes, message] of faults) {
    if (bytes === undefined) await Deno.remove(path);
    else await Deno.writeFile(path, bytes);
    await assert.rejects(readObject(made.store, source, record, object!, options), message);
    await assert.rejects(checkStored(made.store, source, record, object!, { signal }), message);
  }
});

Deno.test("a compressed object is opened while it comes, and ends only when both sums agree", async () => {
  await using made = await ground();
  const text = "one row after the other\n".repeat(200_000);
  const options = { identities: [made.identity], signal };
  for (const recipients of [[made.recipient], []]) {
    const plain = ReadableStream.from([encode(text)]);
    const wanted = { source, id: first, suffix: `x${recipients.length}`, plain, recipients };
    const object = await writeObject(made.store, { ...wanted, compression: "zstd" }, { signal });
    assert.ok(object.stored.sizeBytes < text.length / 50);
    const record = { id: first, recipients };
    const open = (changed = object) => openPlain(made.store, source, record, changed, options);
    assert.equal(await new Response(await open()).text(), text);

    const otherPlain = { ...object, plain: { ...object.plain, sha256: "0".repeat(64) } };
    const otherStored = { ...object, stored: { ...object.stored, sha256: "0".repeat(64) } };
    for (const changed of [otherPlain, otherStored]) {
      let read = 0;
      await assert.rejects(async () => {
        for await (const chunk of await open(changed)) read += chunk.length;
      }, /was changed: its SHA-256 is/);
      assert.equal(read, text.length);
    }

    // A frame that is missing altogether decompresses without an error.
    const path = made.path(first, wanted.suffix);
    const whole = await Deno.readFile(path);
    await Deno.writeFile(
      path,
      whole.subarray(0, recipients.length === 0 ? 100 : whole.length - 20),
    );
    await assert.rejects(
      async () => await new Response(await open()).bytes(),
      /is cut off: it has/,
    );
  }
});

Deno.test("an identity of nobody who may read an object is told so", async () => {
  await using made = await ground();
  const record = await made.back(first);
  const identities = [await generateIdentity()];
  await assert.rejects(
    readObject(made.store, source, record, record.objects[0]!, { identities, signal }),
    (error) => {
      assert.ok(error instanceof SlipwayError, String(error));
      assert.match(error.message, /^Cannot decrypt 20261121T030000Z-aaaaaa\.snap\.age/);
      assert.match(error.remedy!, /the identity of one of its recipients/);
      assert.ok(!error.message.includes(identities[0]!));
      return true;
    },
  );
});

Deno.test("a source that fails leaves no object", async () => {
  await using made = await ground();
  const failure = new Error("the dump ended early");
  const plain = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(encode("half")),
    pull: (controller) => controller.error(failure),
  }, { highWaterMark: 0 });
  const recipients = [made.recipient];
  await assert.rejects(
    writeObject(made.store, { source, id: first, suffix: "x.age", plain, recipients }, { signal }),
    failure,
  );
  assert.deepEqual(await made.store.list(""), []);
});

Deno.test("a store that gives back something else than it was given is found out, and keeps nothing", async () => {
  await using made = await ground();
  const liar: Store = {
    ...made.store,
    open: () => Promise.resolve(streamOf("something else")),
  };
  const recipients = [made.recipient];
  const plain = streamOf("all of it");
  await assert.rejects(
    writeObject(liar, { source, id: first, suffix: "x.age", plain, recipients }, { signal }),
    /Refused a backup/,
  );
  assert.deepEqual(await made.store.list(""), []);
});
