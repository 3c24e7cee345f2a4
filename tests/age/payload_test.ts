import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { decryptStreamWith, encryptStreamFor } from "../../lib/age/age.ts";
import { SlipwayError } from "../../lib/core/errors.ts";

const chunk = 64 * 1024;
const tag = 16;
const sizes = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 5];

const randomBytes = (size: number) => {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += chunk) crypto.getRandomValues(bytes.subarray(at, at + chunk));
  return bytes;
};
const inPieces = (bytes: Uint8Array<ArrayBuffer>, size: number) =>
  ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  })());

async function holder(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function encrypted(recipients: string[], plain: Uint8Array<ArrayBuffer>, piece: number) {
  return await new Response(await encryptStreamFor(recipients, inPieces(plain, piece))).bytes();
}

async function decrypted(identity: string, bytes: Uint8Array<ArrayBuffer>, piece = 1_000) {
  return await new Response(await decryptStreamWith([identity], inPieces(bytes, piece), "x"))
    .bytes();
}

Deno.test("streams are encrypted as the format says: the library opens them for each recipient", async () => {
  const [ana, bob] = [await holder(), await holder()];
  for (const size of sizes) {
    const plain = randomBytes(size);
    const bytes = await encrypted([ana.recipient, bob.recipient], plain, 10_000);
    for (const { identity } of [ana, bob]) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      assert.equal((await decrypter.decrypt(bytes)).toHex(), plain.toHex(), `${size} bytes`);
    }
  }
});

Deno.test("streams that the library encrypted are decrypted, in pieces of any size", async () => {
  const { identity, recipient } = await holder();
  for (const size of sizes) {
    const plain = randomBytes(size);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const bytes = await encrypter.encrypt(plain) as Uint8Array<ArrayBuffer>;
    for (const piece of [7_919, chunk, 10 * chunk]) {
      assert.equal((await decrypted(identity, bytes, piece)).toHex(), plain.toHex());
    }
  }
  const short = await encrypted([recipient], randomBytes(3), 1);
  assert.equal((await decrypted(identity, short, 1)).length, 3);
});

Deno.test("a stream that was cut off, also between two chunks, or changed is refused", async () => {
  const { identity, recipient } = await holder();
  const plain = randomBytes(2 * chunk);
  const whole = await encrypted([recipient], plain, chunk);
  const start = whole.length - 2 * (chunk + tag);
  for (
    const length of [whole.length - 1, whole.length - chunk - tag, start + 5, start, start - 3]
  ) {
    await assert.rejects(decrypted(identity, whole.slice(0, length)), `cut at ${length}`);
  }
  for (const at of [start, start + chunk + tag + 3, whole.length - 1]) {
    const changed = whole.slice();
    changed[at]! ^= 1;
    await assert.rejects(decrypted(identity, changed), /chunk [12] is not authentic/);
  }
  const swapped = whole.slice();
  swapped.set(whole.subarray(start + chunk + tag), start);
  swapped.set(whole.subarray(start, start + chunk + tag), start + chunk + tag);
  await assert.rejects(decrypted(identity, swapped), /chunk 1 is not authentic/);
});

Deno.test("what has no header of age, or one for others, is told so before anything is decrypted", async () => {
  const { identity } = await holder();
  const { recipient } = await holder();
  for (const bytes of [randomBytes(100), await encrypted([recipient], randomBytes(10), 10)]) {
    await assert.rejects(
      decrypted(identity, bytes),
      (error) => error instanceof SlipwayError && /^Cannot decrypt x: /.test(error.message),
    );
  }
});
