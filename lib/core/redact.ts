/** Replaces secrets by asterisks in every text that leaves the program. */
export interface Redactor {
  /** Remember a secret. Values shorter than 4 characters are ignored: hiding them would garble every text. */
  add(secret: string): void;
  /** The text with each remembered secret, and its base64 form, replaced. */
  redact(text: string): string;
}

const shortest = 4;
const mask = "********";

/** Make an empty {@linkcode Redactor}. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  // Sorted when it is needed: many a run learns hundreds of secrets and tells a line or two.
  let longestFirst: string[] | undefined;
  return {
    add(secret) {
      const forms = [secret, ...secret.split("\n"), toBase64(secret)];
      for (const form of forms) if (form.trim().length >= shortest) secrets.add(form);
      longestFirst = undefined;
    },
    redact(text) {
      longestFirst ??= [...secrets].sort((a, b) => b.length - a.length);
      for (const secret of longestFirst) text = text.replaceAll(secret, mask);
      return text;
    },
  };
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
