import { createHash } from "node:crypto";

/** What a verifier is made with. */
export interface ScramOptions {
  /** Random bytes, new for each verifier. */
  salt: Uint8Array<ArrayBuffer>;
  /** Rounds of hashing. @default 4096, as of Postgres */
  iterations?: number;
}

/**
 * What Postgres keeps of a password, made here so that the password itself is never sent, nor logged where the server
 * logs statements: `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`.
 * Source: RFC 5802, section 3; PostgreSQL, pg_authid, rolpassword.
 *
 * @example
 * ```ts
 * const verifier = await scramVerifier(password, { salt: crypto.getRandomValues(new Uint8Array(16)) });
 * ```
 */
export async function scramVerifier(
  password: string,
  { salt, iterations = 4096 }: ScramOptions,
): Promise<string> {
  const material = await crypto.subtle.importKey(
    "raw",
    encode(prepared(password)),
    "PBKDF2",
    false,
    ["deriveBits"],
  );
  const salted = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material,
    256,
  );
  const clientKey = await hmac(salted, "Client Key");
  const storedKey = await crypto.subtle.digest("SHA-256", clientKey);
  const serverKey = await hmac(salted, "Server Key");
  return `SCRAM-SHA-256$${iterations}:${salt.toBase64()}$${base64(storedKey)}:${base64(serverKey)}`;
}

/**
 * What older servers keep, and newer ones that are set to: clients of theirs may know no SCRAM.
 * Source: PostgreSQL, "Frontend/Backend Protocol", AuthenticationMD5Password.
 */
export function md5Verifier(password: string, role: string): string {
  return `md5${createHash("md5").update(password + role).digest("hex")}`;
}

/** The password as both ends hash it; that of one in ASCII is itself. Source: RFC 4013, as Postgres' pg_saslprep has it. */
function prepared(password: string): string {
  return password.replace(otherSpaces, " ").replace(mappedToNothing, "").normalize("NFKC");
}

// Source: RFC 3454, tables C.1.2 and B.1.
const otherSpaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const mappedToNothing = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

async function hmac(key: ArrayBuffer, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return await crypto.subtle.sign("HMAC", imported, encode(text));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64(bytes: ArrayBuffer): string {
  return new Uint8Array(bytes).toBase64();
}
