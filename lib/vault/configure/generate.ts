import type { Alphabet } from "./desired.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

/** The symbols are those that mean nothing to shells, URLs' ends, YAML's quotes and connection strings. */
const characters: Readonly<Record<Alphabet, string>> = {
  alphanumeric: letters + digits,
  hex: "0123456789abcdef",
  base64url: `${letters}${digits}-_`,
  symbols: `${letters}${digits}!*+,-.:=^_~`,
};

/** Fills an array with random bytes, as `crypto.getRandomValues` does. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

/** How many characters an alphabet has. */
export function alphabetSize(alphabet: Alphabet): number {
  return characters[alphabet].length;
}

/**
 * A random text, of which each character is as likely as any other: bytes beyond the last whole multiple of the
 * alphabet's size are thrown away, since a remainder would prefer its first characters.
 */
export function randomText(
  { length, alphabet }: { length: number; alphabet: Alphabet },
  randomBytes: RandomBytes = (bytes) => crypto.getRandomValues(bytes),
): string {
  const known = characters[alphabet];
  const limit = 256 - 256 % known.length;
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(new Uint8Array(length - text.length))) {
      if (byte < limit) text += known[byte % known.length];
    }
  }
  return text;
}
