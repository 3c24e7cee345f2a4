import assert from "node:assert/strict";
import { generateIdentity } from "age-encryption";
import { recipientOf } from "../../../lib/age/age.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { checkOpening } from "../../../lib/flows/backup/identities.ts";

const source = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };

Deno.test("an identity for which a backup is not encrypted is told before anything is read", async () => {
  const [anna, eve] = [await generateIdentity(), await generateIdentity()];
  const record = { id: "20261121T030000Z-000001", recipients: [await recipientOf(anna)] };
  await checkOpening([eve, anna], source, record);
  await checkOpening([eve], source, { ...record, recipients: [] });
  await assert.rejects(checkOpening([eve], source, record), (error) => {
    assert.ok(error instanceof UsageError);
    assert.ok(error.message.includes(record.recipients[0]!));
    assert.doesNotMatch(error.message, /AGE-SECRET-KEY/);
    return true;
  });
  await assert.rejects(checkOpening([], source, record), /no identity is there/);
});
