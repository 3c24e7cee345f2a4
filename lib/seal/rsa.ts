import { type DerElement, derElement, derElements, derOf } from "./der.ts";

/** rsaEncryption with its empty parameters. Source: RFC 8017, appendix C. */
const rsaAlgorithm = Uint8Array.fromHex("300d06092a864886f70d0101010500");

const [integerTag, bitStringTag, octetStringTag, sequenceTag] = [0x02, 0x03, 0x04, 0x30];

const oaepSha256 = { name: "RSA-OAEP", hash: "SHA-256" } as const;

/** A public key that values are sealed for. */
export interface SealingKey {
  /** For sealing. */
  publicKey: CryptoKey;
  /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal digits: the same for a certificate and for its private key. */
  keyFingerprint: string;
  /** Bytes of the modulus, and of each session key that is sealed for it. */
  keyBytes: number;
}

/** A key pair, as a controller has it. */
export interface UnsealingKey extends Omit<SealingKey, "publicKey"> {
  /** For opening. */
  privateKey: CryptoKey;
}

/**
 * The key of a SubjectPublicKeyInfo. Source: RFC 5280, 4.1.
 *
 * @throws {RangeError} when it is no RSA key
 */
export async function importPublicKey(spki: Uint8Array<ArrayBuffer>): Promise<SealingKey> {
  const [algorithm, bits] = derElements(contentOf(derElement(spki), sequenceTag));
  if (algorithm?.whole.toHex() !== rsaAlgorithm.toHex()) throw new RangeError("its key is not RSA");
  const pair = derElement(contentOf(bits, bitStringTag).subarray(1));
  const [modulus] = derElements(contentOf(pair, sequenceTag));
  return {
    publicKey: await crypto.subtle.importKey("spki", spki, oaepSha256, true, ["encrypt"]),
    ...await factsOf(spki, modulus),
  };
}

/**
 * The key in a PEM block `RSA PRIVATE KEY` (PKCS #1, which the controller writes) or `PRIVATE KEY` (PKCS #8).
 * Sources: RFC 8017, appendix A.1.2; RFC 5208.
 *
 * @throws {RangeError} when it is no RSA key
 */
export async function importPrivateKey(
  { label, bytes }: { label: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<UnsealingKey> {
  const isPkcs1 = label === "RSA PRIVATE KEY";
  const pkcs1 = isPkcs1 ? bytes : pkcs1Of(bytes);
  const [, modulus, exponent] = derElements(contentOf(derElement(pkcs1), sequenceTag));
  const version = Uint8Array.of(integerTag, 1, 0);
  const pkcs8 = derOf(sequenceTag, version, rsaAlgorithm, derOf(octetStringTag, pkcs1));
  const pair = derOf(sequenceTag, whole(modulus), whole(exponent));
  const spki = derOf(sequenceTag, rsaAlgorithm, derOf(bitStringTag, Uint8Array.of(0), pair));
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, oaepSha256, false, ["decrypt"]),
    ...await factsOf(spki, modulus),
  };
}

function pkcs1Of(pkcs8: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const [, algorithm, key] = derElements(contentOf(derElement(pkcs8), sequenceTag));
  if (algorithm?.whole.toHex() !== rsaAlgorithm.toHex()) throw new RangeError("it is not RSA");
  return contentOf(key, octetStringTag);
}

async function factsOf(spki: Uint8Array<ArrayBuffer>, modulus: DerElement | undefined) {
  const digits = contentOf(modulus, integerTag);
  return {
    keyFingerprint: new Uint8Array(await crypto.subtle.digest("SHA-256", spki)).toHex(),
    // A leading zero keeps the number positive.
    keyBytes: digits[0] === 0 ? digits.length - 1 : digits.length,
  };
}

function contentOf(element: DerElement | undefined, tag: number): Uint8Array<ArrayBuffer> {
  if (element?.tag === tag) return element.content;
  throw new RangeError("it is not laid out as it should be");
}

function whole(element: DerElement | undefined): Uint8Array<ArrayBuffer> {
  return derOf(integerTag, contentOf(element, integerTag));
}
