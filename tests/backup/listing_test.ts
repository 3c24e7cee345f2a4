import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import { type BackupListing, chooseBackup } from "../../lib/backup/listing.ts";
import type { BackupRecord } from "../../lib/backup/record.ts";

const source = { kind: "vault", scope: "shop", name: "vault" };
const listed = (id: string) => ({ record: { ...source, id } as unknown as BackupRecord });
const listing = (changed: Partial<BackupListing> = {}): BackupListing => ({
  source,
  backups: [listed("c"), listed("b")],
  damaged: [{ id: "a", because: "its object is gone" }],
  unfinished: ["x"],
  removing: [],
  foreign: [],
  ...changed,
});
const remedyOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SlipwayError, String(error));
    return `${error.message} | ${error.remedy}`;
  }
  assert.fail("nothing was thrown");
};

Deno.test("chooseBackup() takes the newest, or the one that is named", () => {
  assert.equal(chooseBackup(listing(), "latest", "s3://x").record.id, "c");
  assert.equal(chooseBackup(listing(), "b", "s3://x").record.id, "b");
});

Deno.test("chooseBackup() takes the newest one that had begun by a time, and wants its offset", () => {
  const at = (id: string, createdAt: string) => ({
    record: { ...source, id, createdAt } as unknown as BackupRecord,
  });
  const backups = [at("c", "2026-11-21T03:00:00.5Z"), at("b", "2026-11-20T03:00:00Z")];
  const chosen = (from: string) => chooseBackup(listing({ backups }), from, "s3://x").record.id;
  assert.equal(chosen("2026-11-21T04:00:00.5+01:00"), "c");
  assert.equal(chosen("2026-11-21T03:00Z"), "b");
  assert.match(remedyOf(() => chosen("2026-11-20T02:59Z"))!, /no backup .* or before it/);
  assert.match(remedyOf(() => chosen("2026-11-21T03:00"))!, /with its offset/);
});

Deno.test("chooseBackup() tells of a damaged one why, and which can be used", () => {
  assert.equal(
    remedyOf(() => chooseBackup(listing(), "a", "s3://x")),
    "The backup a is damaged: its object is gone | use c, or another one",
  );
});

Deno.test("chooseBackup() tells which there are, when there is not the one that is named", () => {
  assert.equal(
    remedyOf(() => chooseBackup(listing(), "z", "s3://x")),
    "There is no backup z of vault shop/vault in s3://x | name one of c, b",
  );
});

Deno.test("chooseBackup() does not take what is damaged or unfinished for the newest", () => {
  assert.match(
    remedyOf(() => chooseBackup(listing({ backups: [] }), "latest", "s3://x")) ?? "",
    /^There is no backup of vault shop\/vault in s3:\/\/x, only 1 damaged and 1 unfinished \|/,
  );
});
