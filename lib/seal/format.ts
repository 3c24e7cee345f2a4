import { CannotUnseal, Malformed } from "./errors.ts";

/** Bytes of the key that encrypts one value. */
const sessionKeyBytes = 32;

/** Bytes of AES-GCM's tag, which even an empty value has. */
const tagBytes = 16;

/** A session key is used once, so its nonce may be zero. */
const zeroNonce = new Uint8Array(12);

/** The parts of a sealed value. */
interface SealedParts {
  /** The session key, encrypted for the controller's key. */
  sealedKey: Uint8Array<ArrayBuffer>;
  /** The value, encrypted by the session key. */
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Seal one value for the holder of a private key, so that only the same label opens it:
 * base64 of a 2-byte big-endian length, a fresh session key under RSA-OAEP-SHA256, and the value under AES-256-GCM.
 * Source: sealed-secrets, pkg/crypto.
 *
 * @param publicKey an RSA-OAEP key with SHA-256, as a certificate gives it
 * @param label what the scope binds the value to, as `labelOf` tells it
 */
export async function sealValue(
  plain: Uint8Array<ArrayBuffer>,
  publicKey: CryptoKey,
  label: string,
): Promise<string> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(sessionKeyBytes));
  const [sealedKey, body] = await Promise.all([
    crypto.subtle.encrypt(oaep(label), publicKey, sessionKey),
    importSessionKey(sessionKey, "encrypt").then((key) =>
      crypto.subtle.encrypt({ name: "AES-GCM", iv: zeroNonce }, key, plain)
    ),
  ]);
  const sealed = new Uint8Array(2 + sealedKey.byteLength + body.byteLength);
  new DataView(sealed.buffer).setUint16(0, sealedKey.byteLength);
  sealed.set(new Uint8Array(sealedKey), 2);
  sealed.set(new Uint8Array(body), 2 + sealedKey.byteLength);
  return sealed.toBase64();
}

/**
 * Open a sealed value with the first of several keys that can.
 *
 * @param privateKeys RSA-OAEP keys with SHA-256, as `readPrivateKeys` gives them
 * @throws {Malformed} when the text cannot be a sealed value
 * @throws {CannotUnseal} when no key opens it under this label
 */
export async function unsealValue(
  sealed: string,
  privateKeys: readonly CryptoKey[],
  label: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { sealedKey, body } = partsOf(sealed);
  for (const privateKey of privateKeys) {
    const sessionKey = await opened(() =>
      crypto.subtle.decrypt(oaep(label), privateKey, sealedKey)
    );
    if (sessionKey?.byteLength !== sessionKeyBytes) continue;
    const key = await importSessionKey(new Uint8Array(sessionKey), "decrypt");
    const plain = await opened(() =>
      crypto.subtle.decrypt({ name: "AES-GCM", iv: zeroNonce }, key, body)
    );
    if (plain !== undefined) return new Uint8Array(plain);
  }
  const tried = privateKeys.length === 1 ? "the key fails" : `all ${privateKeys.length} keys fail`;
  throw new CannotUnseal(`Cannot open a sealed value as "${label}": ${tried}`, {
    remedy:
      "give the key that was current when it was sealed, and the name, namespace and scope that it was sealed for",
  });
}

/** How many bytes a sealed value has once it is opened. @throws {Malformed} when no key can open it */
export function plainBytes(sealed: string): number {
  return partsOf(sealed).body.length - tagBytes;
}

/**
 * Check what can be known of a sealed value without a key.
 *
 * @param keyBytes length of the RSA modulus, where it is known
 * @throws {Malformed} when no key can open it
 */
export function checkSealedValue(sealed: string, keyBytes?: number): void {
  const { sealedKey } = partsOf(sealed);
  if (keyBytes === undefined || sealedKey.length === keyBytes) return;
  throw new Malformed(
    `Cannot be opened: the value was sealed for a key of ${sealedKey.length * 8} bits, wanted ${
      keyBytes * 8
    }`,
    { remedy: "seal it again for this key" },
  );
}

function partsOf(sealed: string): SealedParts {
  const bytes = fromBase64(sealed);
  const keyLength = bytes.length < 2 ? 0 : new DataView(bytes.buffer).getUint16(0);
  const wanted = 2 + keyLength + tagBytes;
  if (keyLength === 0 || bytes.length < wanted) {
    throw malformed(`it has ${bytes.length} bytes, wanted at least ${wanted}`);
  }
  return { sealedKey: bytes.slice(2, 2 + keyLength), body: bytes.slice(2 + keyLength) };
}

function fromBase64(sealed: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(sealed);
  } catch {
    throw malformed("it is no base64");
  }
}

function malformed(found: string): Malformed {
  return new Malformed(`Cannot read a sealed value: ${found}`, {
    remedy: "it was cut off or changed after it was sealed; seal the value again",
  });
}

function oaep(label: string): RsaOaepParams {
  return { name: "RSA-OAEP", label: new TextEncoder().encode(label) };
}

async function importSessionKey(
  bytes: Uint8Array<ArrayBuffer>,
  usage: "encrypt" | "decrypt",
): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [usage]);
}

/** What a decryption gives; undefined when it fails, for which WebCrypto has one error only. */
async function opened(decrypt: () => Promise<ArrayBuffer>): Promise<ArrayBuffer | undefined> {
  try {
    return await decrypt();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
