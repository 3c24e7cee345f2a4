import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { type BackupSource, fileName } from "../../../lib/backup/names.ts";
import type { BackupListing } from "../../../lib/backup/listing.ts";
import { SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import { chooseToRestore } from "../../../lib/flows/backup/choose.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { storeBackup } from "./stored_backup.ts";

const source: BackupSource = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };
const [older, newer] = ["20261118T030000Z-000001", "20261119T030000Z-000002"] as const;

const withListing = (work: (store: ReturnType<typeof createFolderStore>) => Promise<void>) =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const bytes = new TextEncoder().encode("rows");
    await storeBackup(store, source, { id: older, createdAt: "2026-11-18T03:00:00Z", bytes });
    await storeBackup(store, source, { id: newer, createdAt: "2026-11-19T03:00:00Z", bytes });
    await work(store);
  });

Deno.test("chooseToRestore() takes the newest that is whole, and tells what is not", () =>
  withListing(async (store) => {
    await store.delete(fileName(source, { id: newer, suffix: "dump" }));
    const context = testContext();
    const listing = await listBackups(store, source, context);
    const { record } = await chooseToRestore(store, listing, { from: "latest" }, context);
    assert.equal(record.id, older);
    const [note] = context.events;
    assert.match(note?.type === "note" ? note.message : "", new RegExp(`${newer} cannot be used`));
    await assert.rejects(chooseToRestore(store, listing, { from: newer }, context), SlipwayError);
  }));

Deno.test("chooseToRestore() wants an identity that opens the backup, where one is needed, and finds it in the environment", () =>
  withListing(async (store) => {
    const context = testContext();
    const [identity, other] = [await generateIdentity(), await generateIdentity()];
    const recipient = await identityToRecipient(identity);
    const plain = await listBackups(store, source, context);
    const encrypted: BackupListing = {
      ...plain,
      backups: plain.backups.map(({ record }) => ({
        record: { ...record, recipients: [recipient] },
      })),
    };
    const request = { from: "latest" };
    assert.deepEqual((await chooseToRestore(store, plain, request, context)).identities, []);
    await assert.rejects(chooseToRestore(store, encrypted, request, context), UsageError);
    const holding = (identity: string) => ({
      ...context,
      env: (name: string) => name === "SLIPWAY_AGE_IDENTITY" ? identity : undefined,
    });
    await assert.rejects(chooseToRestore(store, encrypted, request, holding(other)), {
      message: new RegExp(`it is encrypted for ${recipient}`),
    });
    const found = await chooseToRestore(store, encrypted, request, holding(identity));
    assert.deepEqual(found.identities, [identity]);
    assert.equal(context.redactor.redact(`key ${identity}`).includes(identity), false);
  }));
