import assert from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { decryptWith } from "../../../lib/age/age.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { makeDigestKey } from "../../../lib/flows/seal/make_digest_key.ts";
import { testContext } from "../../context.ts";

Deno.test("makeDigestKey() writes its key for its recipients alone, once, and shows nothing of it", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "slipway-digest-" });
  try {
    const context = testContext({ cwd });
    const identity = await generateIdentity();
    const request = { out: "digest.age", recipient: [await identityToRecipient(identity)] };
    await makeDigestKey(request, context);
    const bytes = await Deno.readFile(`${cwd}/digest.age`);
    const key = new TextDecoder().decode(await decryptWith([identity], bytes, "it")).trim();
    assert.notEqual(context.redactor.redact(key), key, "the redactor does not know it");
    assert.ok(!new TextDecoder("latin1").decode(bytes).includes(key));
    assert.ok(!JSON.stringify(context.events).includes(key));
    await assert.rejects(makeDigestKey(request, context), /Refused to overwrite digest\.age/);
    assert.deepEqual(await Deno.readFile(`${cwd}/digest.age`), bytes);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("makeDigestKey() says why it cannot write, and leaves nothing", async () => {
  const recipient = [await identityToRecipient(await generateIdentity())];
  const cwd = await Deno.makeTempDir({ prefix: "slipway-digest-" });
  try {
    await assert.rejects(
      makeDigestKey({ out: "nope/digest.age", recipient }, testContext({ cwd })),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, /Cannot write nope\/digest\.age: No such file/);
        assert.match(error.remedy!, /a folder that is there/);
        return true;
      },
    );
    assert.deepEqual(Array.from(Deno.readDirSync(cwd)), []);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
