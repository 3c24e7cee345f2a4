import assert from "node:assert/strict";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { UsageError } from "../../lib/core/errors.ts";
import { checkRecipient, readIdentities } from "../../lib/age/age.ts";

/** What is said of a file that has no identity. */
function refused(text: string): { message: string; remedy: string } {
  try {
    readIdentities(text, "mine.txt");
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return { message: error.message, remedy: error.remedy! };
  }
  throw new Error("it was taken");
}

Deno.test("readIdentities() finds identities among comments and line breaks of Windows", async () => {
  const identities = [await generateIdentity(), await generateIdentity()];
  const text = `# created: today\r\n# public key: age1…\r\n${identities.join("\r\n")}\r\n\r\n`;
  assert.deepEqual(readIdentities(text, "mine.txt"), identities);
});

Deno.test("readIdentities() says what was named in place of an identity, and how it is used", async () => {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.setPassphrase("correct horse");
  encrypter.setScryptWorkFactor(2);
  const encrypted = new TextDecoder().decode(await encrypter.encrypt(identity));
  const locked = refused(encrypted);
  assert.match(locked.message, /from mine\.txt: it is encrypted itself, by a passphrase/);
  assert.match(locked.remedy, /<\(age -d/);
  const plugin = refused("# Serial: 1\nAGE-PLUGIN-YUBIKEY-1QQPQYQSZQGPQYQ\n");
  assert.match(plugin.message, /belongs to a plugin of age/);
  assert.match(refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").message, /SSH or TLS/);
  const recipient = refused(await identityToRecipient(identity));
  assert.match(recipient.message, /a recipient, which only encrypts/);
  assert.match(refused("").message, /no line begins with AGE-SECRET-KEY-/);
});

Deno.test("an identity that is given for a recipient is refused, and shown in no case of its letters", async () => {
  const identity = await generateIdentity();
  for (const given of [identity, identity.toLowerCase(), ` ${identity}`]) {
    assert.throws(() => checkRecipient(given), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, /it is no age recipient/);
      assert.ok(!error.message.toLowerCase().includes(identity.toLowerCase().slice(16)));
      return true;
    });
  }
});
