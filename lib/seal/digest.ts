import { UsageError } from "../core/errors.ts";
import { itemDigest, type SealRecord } from "./record.ts";

/** The secret of a project by which it knows its own values again. Whoever has it can check guesses of weak values. */
export type DigestKey = CryptoKey;

/** Where an item stands; its digest is bound to that, so that equal values of two items do not show. */
export interface ItemPlace {
  /** Namespace of the Secret; empty where none is said. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Key of the Secret. */
  key: string;
}

/** An item that was just sealed. */
export interface SealedItem {
  /** Where it stands. */
  place: ItemPlace;
  /** Its value. */
  plain: Uint8Array<ArrayBuffer>;
  /** Its ciphertext. */
  sealed: string;
  /** The label that it was sealed with. */
  label: string;
  /** Fingerprint of the certificate that it was sealed with. */
  certificate: string;
}

const prefix = "slipway-digest-key-1:";
const keyBytes = 32;
const saltBytes = 16;
const macBytes = 16;
const base64url = { alphabet: "base64url", omitPadding: true } as const;

/** The text of a new digest key, a secret. */
export function newDigestKey(): string {
  return prefix + crypto.getRandomValues(new Uint8Array(keyBytes)).toBase64();
}

/**
 * Read the text of a digest key.
 *
 * @throws {UsageError} when it is none
 */
export async function readDigestKey(text: string, source: string): Promise<DigestKey> {
  const line = text.split("\n").map((line) => line.trim()).find((line) => line.startsWith(prefix));
  let bytes = new Uint8Array(0);
  try {
    bytes = Uint8Array.fromBase64(line?.slice(prefix.length) ?? "");
  } catch {
    // Told below, with keys that are too short.
  }
  if (bytes.length !== keyBytes) {
    throw new UsageError(
      `Cannot read the digest key of ${source}: no line is ${prefix} and ${keyBytes} bytes in base64`,
      { remedy: "make one with `deno task sealing-keys digest-key`" },
    );
  }
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
}

/**
 * The record of an item. With a digest key it says by which value; where `earlier` was made by the same key of the
 * same value, that part of it stays the same, so that a new ciphertext shows the value unchanged.
 */
export async function recordOf(
  item: SealedItem,
  digestKey: DigestKey | undefined,
  earlier?: SealRecord,
): Promise<SealRecord> {
  const record: SealRecord = {
    certificate: item.certificate,
    label: item.label,
    item: await itemDigest(item.sealed),
  };
  if (digestKey === undefined) return record;
  const value = earlier?.value !== undefined && await hasValue(earlier.value, item, digestKey)
    ? earlier.value
    : await valueDigest(crypto.getRandomValues(new Uint8Array(saltBytes)), item, digestKey);
  const signed = { ...record, value };
  return { ...signed, proof: await proofOf(signed, digestKey) };
}

/**
 * Whether a ciphertext is known to hold a value: a holder of the digest key recorded exactly this ciphertext with
 * exactly this value. False says nothing: the record may be another's, or of another ciphertext.
 */
export async function isUnchanged(
  record: SealRecord,
  { place, plain, sealed }: Omit<SealedItem, "certificate" | "label">,
  digestKey: DigestKey,
): Promise<boolean> {
  return record.value !== undefined && record.item === await itemDigest(sealed) &&
    await isProven(record, digestKey) && await hasValue(record.value, { place, plain }, digestKey);
}

/** Whether a holder of the digest key wrote a record. */
export async function isProven(record: SealRecord, digestKey: DigestKey): Promise<boolean> {
  return record.proof !== undefined && record.proof === await proofOf(record, digestKey);
}

async function hasValue(
  digest: string,
  item: Pick<SealedItem, "place" | "plain">,
  digestKey: DigestKey,
): Promise<boolean> {
  const salt = Uint8Array.fromBase64(digest, { alphabet: "base64url" }).slice(0, saltBytes);
  return digest === await valueDigest(salt, item, digestKey);
}

async function valueDigest(
  salt: Uint8Array<ArrayBuffer>,
  { place: { namespace, name, key }, plain }: Pick<SealedItem, "place" | "plain">,
  digestKey: DigestKey,
): Promise<string> {
  const digest = await mac(digestKey, ["slipway value 1", salt, namespace, name, key, plain]);
  return new Uint8Array([...salt, ...digest]).toBase64(base64url);
}

async function proofOf(
  { certificate, label, item, value = "" }: SealRecord,
  digestKey: DigestKey,
): Promise<string> {
  return (await mac(digestKey, ["slipway record 1", certificate, label, item, value])).toBase64(
    base64url,
  );
}

/** HMAC-SHA-256 of several parts, each behind its length, so that no two lists of parts are the same bytes. */
async function mac(
  digestKey: DigestKey,
  parts: readonly (string | Uint8Array<ArrayBuffer>)[],
): Promise<Uint8Array<ArrayBuffer>> {
  const encoded = parts.map((part) =>
    typeof part === "string" ? new TextEncoder().encode(part) : part
  );
  const bytes = new Uint8Array(encoded.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    new DataView(bytes.buffer).setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return new Uint8Array(await crypto.subtle.sign("HMAC", digestKey, bytes), 0, macBytes);
}
