import { armor, Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { joinBytes } from "../core/bytes.ts";
import { messageOf, SlipwayError, UsageError } from "../core/errors.ts";
import type { ByteStream } from "../core/program.ts";
import { emptyPayloadBytes, readStart, startingWith } from "./file_start.ts";
import { decryptedPayload, encryptedPayload, payloadNonceBytes } from "./payload.ts";

/**
 * Encrypt bytes for age recipients; each of them alone can decrypt.
 * Source: the age specification, C2SP.org/age.
 *
 * @throws {UsageError} when a recipient is malformed, or there is none
 */
export async function encryptFor(
  recipients: readonly string[],
  plain: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = encrypterFor(recipients);
  return await encrypter.encrypt(plain) as Uint8Array<ArrayBuffer>;
}

/**
 * Encrypt a stream for age recipients, as {@linkcode encryptFor}. The library makes the header; its cipher, in
 * JavaScript, would be the slowest part of a backup by far.
 */
export async function encryptStreamFor(
  recipients: readonly string[],
  plain: ByteStream,
): Promise<ByteStream> {
  const encrypter = encrypterFor(recipients);
  let fileKey = new Uint8Array();
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = new Uint8Array(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array());
  const nonce = crypto.getRandomValues(new Uint8Array(payloadNonceBytes));
  const start = joinBytes([empty.subarray(0, empty.length - emptyPayloadBytes), nonce]);
  return startingWith(start, encryptedPayload(plain, fileKey, nonce));
}

/**
 * Decrypt what was encrypted by age, armored or not, with the first of the identities that can.
 *
 * @throws {SlipwayError} when none of them can, or the file is damaged or cut off
 */
export async function decryptWith(
  identities: readonly string[],
  encrypted: Uint8Array<ArrayBuffer>,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const decrypter = new Decrypter();
  for (const identity of identities) addIdentity(decrypter, identity);
  try {
    const text = new TextDecoder().decode(encrypted.subarray(0, 64));
    const bytes = text.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")
      ? armor.decode(new TextDecoder().decode(encrypted))
      : encrypted;
    return await decrypter.decrypt(bytes) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw notDecrypted(what, error);
  }
}

/**
 * Decrypt a stream that was encrypted by age and is not armored, with the first of the identities that can.
 *
 * @throws {SlipwayError} when none of them can; the stream fails where the file is damaged or cut off
 */
export async function decryptStreamWith(
  identities: readonly string[],
  encrypted: ByteStream,
  what: string,
): Promise<ByteStream> {
  const decrypter = new Decrypter();
  for (const identity of identities) addIdentity(decrypter, identity);
  const reader = encrypted.getReader();
  try {
    const { header, nonce, rest } = await readStart(reader);
    const fileKey = await decrypter.decryptHeader(header);
    reader.releaseLock();
    return decryptedPayload(startingWith(rest, encrypted), fileKey, nonce);
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error instanceof SlipwayError ? error : notDecrypted(what, error);
  }
}

/** The recipient of an identity. */
export async function recipientOf(identity: string): Promise<string> {
  return await identityToRecipient(identity);
}

/** Check that a text is an age recipient (`age1…`). @throws {UsageError} when it is not */
export function checkRecipient(recipient: string): void {
  encrypterFor([recipient]);
}

/**
 * The identities in the text of an identity file: lines that begin with `AGE-SECRET-KEY-`, among comments.
 *
 * @throws {UsageError} when there is none
 */
export function readIdentities(text: string, what: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const identities = lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (identities.length > 0) return identities;
  const [, because, remedy] =
    otherFiles.find(([begin]) => lines.some((line) => begin.test(line))) ??
      [, "no line begins with AGE-SECRET-KEY-", "name a file that age-keygen wrote"];
  throw new UsageError(`Cannot read age identities from ${what}: ${because}`, { remedy });
}

/** What people name in place of an identity file: how a line of it begins, what it is, and what to do. */
const otherFiles: readonly [begin: RegExp, because: string, remedy: string][] = [
  [
    /^(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/,
    "it is encrypted itself, by a passphrase or for another identity",
    "decrypt it on the way, so that it lies on no disk: --identity <(age -d identity.age)",
  ],
  [
    /^AGE-PLUGIN-/,
    "its identity belongs to a plugin of age, which is a program of its own, and none is started here",
    "decrypt by `age -d -i` and give what that opened, or name a holder with an identity of age-keygen",
  ],
  [
    /^(-----BEGIN .*PRIVATE KEY-----|ssh-)/,
    "it is a key of SSH or TLS",
    "name a file that age-keygen wrote; holders need its recipient, age1…",
  ],
  [
    /^age1/,
    "it has a recipient, which only encrypts",
    "name the file of the identity that it belongs to",
  ],
];

function notDecrypted(what: string, error: unknown): SlipwayError {
  const because = messageOf(error);
  return new SlipwayError(`Cannot decrypt ${what}: ${because}`, {
    remedy: /no identity matched/.test(because)
      ? "give the identity of one of its recipients"
      : "give the identity of one of its recipients, and compare the file with its source",
    cause: error,
  });
}

function encrypterFor(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0) {
    throw new UsageError("Cannot encrypt: there is no recipient", {
      remedy: "name who may decrypt, as age1…",
    });
  }
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (error) {
      throw new UsageError(
        `Cannot encrypt for ${shown(recipient)}: it is no age recipient: ${messageOf(error)}`,
        { remedy: "name recipients as age-keygen -y prints them: age1…", cause: error },
      );
    }
  }
  return encrypter;
}

/** An identity that somebody gave for a recipient must not be shown. */
function shown(recipient: string): string {
  return /^age-secret-key/i.test(recipient.trim()) ? "AGE-SECRET-KEY-…" : `"${recipient}"`;
}

function addIdentity(decrypter: Decrypter, identity: string): void {
  try {
    decrypter.addIdentity(identity);
  } catch (error) {
    throw new UsageError(`Cannot use an age identity: ${messageOf(error)}`, {
      remedy: "give it as age-keygen wrote it: AGE-SECRET-KEY-1…",
    });
  }
}
