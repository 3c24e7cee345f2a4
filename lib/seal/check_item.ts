import { messageOf } from "../core/errors.ts";
import { type DigestKey, isProven } from "./digest.ts";
import { checkSealedValue } from "./format.ts";
import { isAbout, type SealRecord } from "./record.ts";

/**
 * What is known of an item without its key: `current` and `stale` (sealed with the newest of the known certificates,
 * or an older one) by its record; `foreign`, by a certificate that is not known; `recorded`, when no certificate is
 * known to compare with; `unknown`, when no record is about it, as after kubeseal; `wrong`, when nothing can open it.
 */
export type ItemState = "current" | "stale" | "foreign" | "recorded" | "unknown" | "wrong";

/** What is known of a certificate that items are compared with. */
export interface KnownCertificate {
  /** Its fingerprint. */
  fingerprint: string;
  /** Bytes of its key's modulus; unknown where only the fingerprint is. */
  keyBytes?: number;
}

/** An item, and what it is compared with. */
export interface ItemQuestion {
  /** The ciphertext. */
  sealed: string;
  /** What the annotation, or the platform file, says of it. */
  record: SealRecord | undefined;
  /** The label that its scope, name and namespace give. */
  label: string;
  /** Certificates of its cluster, the newest first. */
  known: readonly KnownCertificate[];
  /** The key that proves records, where it is at hand. */
  digestKey?: DigestKey;
}

/** What a look at an item says. */
export interface ItemVerdict {
  /** What is known of it. */
  state: ItemState;
  /** Why. */
  because: string;
  /** What to do about it, where something is to be done. */
  remedy?: string;
}

/** Bits of the weakest key that is taken for one of a controller's; they make 4096. Source: NIST SP 800-131A. */
const fewestBits = 2048;

const sealAgain = "seal the value again with `deno task seal-secret`";

/** Look at an item: its form, then its record. */
export async function checkItem(question: ItemQuestion): Promise<ItemVerdict> {
  const { sealed, record, label, known, digestKey } = question;
  const form = wrongForm(sealed, known);
  if (form !== undefined) return { state: "wrong", because: form, remedy: sealAgain };
  if (record === undefined || !await isAbout(record, sealed)) {
    return {
      state: "unknown",
      because: record === undefined
        ? "nothing is recorded of the key that it was sealed with"
        : "its ciphertext was replaced after its record was written",
      remedy: "seal it again, or bring it to the newest key with `deno task reseal-secrets`",
    };
  }
  if (record.label !== label) {
    return {
      state: "wrong",
      because: `it was sealed for ${nameOf(record.label)}, and stands as ${nameOf(label)}`,
      remedy: `put name, namespace and scope back, or ${sealAgain}`,
    };
  }
  if (digestKey !== undefined && record.proof !== undefined && !await isProven(record, digestKey)) {
    return {
      state: "unknown",
      because: "its record was written by somebody without the digest key, or with another one",
      remedy: sealAgain,
    };
  }
  return byCertificate(record.certificate, known);
}

function byCertificate(fingerprint: string, known: readonly KnownCertificate[]): ItemVerdict {
  const short = fingerprint.slice(0, 16);
  const [newest] = known;
  if (newest === undefined) {
    return { state: "recorded", because: `it was sealed with certificate ${short}…` };
  }
  if (newest.fingerprint === fingerprint) {
    return { state: "current", because: "it was sealed with the newest certificate" };
  }
  if (known.some((certificate) => certificate.fingerprint === fingerprint)) {
    return {
      state: "stale",
      because: `it was sealed with certificate ${short}…, the newest is ${
        newest.fingerprint.slice(0, 16)
      }…`,
      remedy: "bring it to the newest key with `deno task reseal-secrets`",
    };
  }
  return {
    state: "foreign",
    because: `it was sealed with certificate ${short}…, which is none of those that are known`,
    remedy:
      `name the certificate with --cert if it is an older one of this cluster; otherwise ${sealAgain}`,
  };
}

/** Why nothing can open a ciphertext; undefined where nothing speaks against it. */
function wrongForm(sealed: string, known: readonly KnownCertificate[]): string | undefined {
  try {
    checkSealedValue(sealed);
  } catch (error) {
    return messageOf(error);
  }
  // Go reads base64 with its padding only, and with no white space but line breaks.
  const text = sealed.replace(/[\r\n]/g, "");
  if (text.length % 4 !== 0 || /\s/.test(text)) {
    return "it is base64 that the controller cannot read";
  }
  const keyBytes = new DataView(Uint8Array.fromBase64(text.slice(0, 4)).buffer).getUint16(0);
  const sizes = [...new Set(known.map((certificate) => certificate.keyBytes))];
  if (sizes.length > 0 && !sizes.includes(undefined) && !sizes.includes(keyBytes)) {
    return `it was sealed for a key of ${keyBytes * 8} bits, and those that are known have ${
      sizes.map((size) => size! * 8).join(" or ")
    }`;
  }
  return keyBytes * 8 < fewestBits || keyBytes % 8 !== 0
    ? `it was sealed for a key of ${keyBytes * 8} bits, wanted ${fewestBits} or more`
    : undefined;
}

function nameOf(label: string): string {
  if (label === "") return "the whole cluster";
  return label.includes("/") ? label : `all of namespace ${label}`;
}
