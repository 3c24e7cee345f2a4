import assert from "node:assert/strict";
import { unsealedMark } from "../../../lib/platform/sealed.ts";
import { unsealedSecret } from "../../../lib/review/rules/unsealed_secret.ts";
import { complaints, object } from "../sample_objects.ts";

Deno.test("each key that is not sealed yet is named", () => {
  const secret = (encryptedData: Record<string, string>) =>
    complaints(unsealedSecret, [object("SealedSecret", "app", { encryptedData })]);
  assert.deepEqual(secret({ A: unsealedMark, B: "AgB", C: unsealedMark }), [
    "SealedSecret shop/app: A, C are not sealed yet",
  ]);
  assert.deepEqual(secret({ B: "AgB" }), []);
});
