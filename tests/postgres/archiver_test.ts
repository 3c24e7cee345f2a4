import assert from "node:assert/strict";
import { type ArchiverFacts, archiverVerdict, readArchiver } from "../../lib/postgres/archiver.ts";

const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const ago = (minutes: number) => now.subtract({ minutes });
const facts = (changes: Partial<ArchiverFacts> = {}): ArchiverFacts => ({
  ...{ mode: "on", timeoutSeconds: 300, waiting: 0, now, lastArchived: ago(3) },
  ...changes,
});

Deno.test("an archiver is healthy as long as nothing waits, however long it has been idle", () => {
  const { state, because } = archiverVerdict(facts({ lastArchived: ago(60 * 24 * 9) }));
  assert.equal(state, "healthy");
  assert.equal(
    because,
    "the last success was at 2026-11-12 12:00 UTC; at most 5 min 0 s can be lost",
  );
  assert.equal(archiverVerdict(facts({ waiting: 2, waitingSince: ago(10) })).state, "healthy");
});

Deno.test("an archiver is failing when its last attempt failed, and not when a later one succeeded", () => {
  const failed = facts({ lastFailed: ago(1), lastFailedWal: "00000001000000A2", waiting: 12 });
  const { state, because, remedy } = archiverVerdict(failed);
  assert.equal(state, "failing");
  assert.equal(
    because,
    "archiving 00000001000000A2 failed at 2026-11-21 11:59 UTC, and the last success was at 2026-11-21 11:57 UTC, 12 files of WAL wait",
  );
  assert.match(remedy ?? "", /disk fills up/);
  const later = { waiting: 1, waitingSince: ago(1) };
  assert.equal(archiverVerdict(facts({ lastFailed: ago(5), ...later })).state, "healthy");
  assert.equal(archiverVerdict(facts({ lastFailed: ago(1) })).state, "healthy");
  const never = { ...failed, lastArchived: undefined } as unknown as ArchiverFacts;
  assert.match(archiverVerdict(never).because, /nothing was archived yet/);
});

Deno.test("an archiver that is off is failing, whatever it did once", () => {
  assert.equal(archiverVerdict(facts({ mode: "off" })).state, "failing");
});

Deno.test("an archiver is behind when files wait for longer than may be lost", () => {
  const waiting = facts({ waiting: 7, waitingSince: ago(20) });
  const { state, because } = archiverVerdict(waiting);
  assert.equal(state, "behind");
  assert.match(because, /^7 files of WAL wait, the oldest for 20 min 0 s; /);
  assert.equal(archiverVerdict(waiting, 60 * 60_000).state, "healthy");
});

Deno.test("an archiver whose timeout lets more wait than may be lost is behind, with the value that does not", () => {
  const late = archiverVerdict(facts({ timeoutSeconds: 1800 }), 10 * 60_000);
  assert.equal(late.state, "behind");
  assert.equal(late.remedy, "set archive_timeout to 300s under parameters");
  const never = archiverVerdict(facts({ timeoutSeconds: 0 }), 10 * 60_000);
  assert.match(never.because, /changes wait until 16 MiB of them have come/);
  assert.match(archiverVerdict(facts({ timeoutSeconds: 0 })).because, /up to 16 MiB/);
});

Deno.test("what a server has never done is absent from what is read of it", async () => {
  const row = {
    ...{ mode: "on", timeout: "0", archived: null, failed: null, failed_wal: null },
    ...{ waiting: "0", waiting_since: null, now: "1795262400.5" },
  };
  assert.deepEqual(await readArchiver({ query: () => Promise.resolve([row]) }), {
    ...{ mode: "on", timeoutSeconds: 0, waiting: 0 },
    now: now.add({ milliseconds: 500 }),
  });
});
