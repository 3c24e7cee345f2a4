export { sealedItemsAnnotation as recordsAnnotation } from "../core/labels.ts";

/**
 * What is known of one sealed item. Stored format: the parts as `name=value`, in this order, with spaces between;
 * parts of other names are skipped.
 */
export interface SealRecord {
  /** SHA-256 of the certificate that it was sealed with, in 64 hexadecimal digits. */
  certificate: string;
  /** The label that binds it to its scope: `namespace/name`, `namespace`, or nothing; stored as `for`, nothing as `*`. */
  label: string;
  /**
   * Which ciphertext this is about: the first 128 bits of its SHA-256, in base64url. A record whose ciphertext was
   * replaced, as by kubeseal, says nothing any more.
   */
  item: string;
  /** A keyed digest of the value with its salt, in base64url: it stays as long as the value does. */
  value?: string;
  /** Proof that a holder of the digest key wrote the parts before, in base64url. */
  proof?: string;
}

const parts = {
  certificate: /^[0-9a-f]{64}$/,
  for: /^(\*|[-.a-z0-9]+(\/[-.a-z0-9]+)?)$/,
  item: /^[\w-]{22}$/,
  value: /^[\w-]{43}$/,
  proof: /^[\w-]{22}$/,
} as const;

/** A record as it is stored. */
export function formatRecord({ certificate, label, item, value, proof }: SealRecord): string {
  const written = { certificate, for: label === "" ? "*" : label, item, value, proof };
  return Object.entries(written).filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name}=${text}`)
    .join(" ");
}

/** Read a record; undefined when it is none. */
export function parseRecord(text: string): SealRecord | undefined {
  const found: Partial<Record<keyof typeof parts, string>> = {};
  for (const part of text.trim().split(/\s+/)) {
    const [name = "", value = ""] = part.split("=");
    if (name in parts && parts[name as keyof typeof parts].test(value)) {
      found[name as keyof typeof parts] = value;
    }
  }
  const { certificate, for: label, item, value, proof } = found;
  if (certificate === undefined || label === undefined || item === undefined) return undefined;
  return {
    certificate,
    label: label === "*" ? "" : label,
    item,
    ...(value === undefined ? {} : { value }),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** The records in the text of a SealedSecret's annotation, by key of the Secret. Lines that are none are skipped. */
export function parseRecords(annotation: string | undefined): Map<string, SealRecord> {
  const records = new Map<string, SealRecord>();
  for (const line of (annotation ?? "").split("\n")) {
    const [, key, rest] = /^\s*([-._a-zA-Z0-9]+)\s+(.*)$/.exec(line) ?? [];
    const record = rest === undefined ? undefined : parseRecord(rest);
    if (record !== undefined) records.set(key!, record);
  }
  return records;
}

/** The text of a SealedSecret's annotation: a line for each key, in order, so that changes of one touch one line. */
export function formatRecords(records: ReadonlyMap<string, SealRecord>): string {
  return [...records].toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([key, record]) => `${key} ${formatRecord(record)}\n`)
    .join("");
}

/** What {@linkcode SealRecord.item} says of a ciphertext. */
export async function itemDigest(sealed: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sealed));
  return new Uint8Array(digest, 0, 16).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Whether a record is about this ciphertext, and not about one that stood in its place. */
export async function isAbout(record: SealRecord, sealed: string): Promise<boolean> {
  return record.item === await itemDigest(sealed);
}
