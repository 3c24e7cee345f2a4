import type { SealingCertificate } from "./certificate.ts";
import { type DigestKey, isProven, recordOf } from "./digest.ts";
import { CannotUnseal, Malformed } from "./errors.ts";
import { sealValue, unsealValue } from "./format.ts";
import type { OpeningKey } from "./keyring.ts";
import { isAbout, itemDigest, type SealRecord } from "./record.ts";

/** An item that is to have the newest key. */
export interface ResealItem {
  /** Namespace of the Secret; empty where none is said. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Key of the Secret. */
  key: string;
  /** The label that it stands under. */
  label: string;
  /** Its ciphertext. */
  sealed: string;
  /** What is recorded of it. */
  record: SealRecord | undefined;
}

/** With what items are opened and sealed. */
export interface ResealKeys {
  /** Keys that open, that of the target first where it is among them. */
  opening: readonly OpeningKey[];
  /** The certificate that all items are to be sealed with. */
  target: SealingCertificate;
  /** The key of digests, where it is at hand. */
  digestKey?: DigestKey;
}

/** What becomes of an item. */
export interface ResealedItem {
  /** `resealed` with a new ciphertext; `recorded`, when only the record is new; `unchanged`; `shut`, when no key opens it. */
  action: "resealed" | "recorded" | "unchanged" | "shut";
  /** Why. */
  because: string;
  /** The ciphertext from now on. */
  sealed: string;
  /** The record from now on. */
  record: SealRecord | undefined;
}

/**
 * Bring an item to the target's key. What the target's key opens keeps its ciphertext, whatever is recorded: the keys
 * are believed, and records only written.
 */
export async function resealItem(item: ResealItem, keys: ResealKeys): Promise<ResealedItem> {
  const { sealed, label, record } = item;
  const { opening, target, digestKey } = keys;
  const about = record !== undefined && await isAbout(record, sealed) ? record : undefined;
  // The key that is recorded is the likeliest; that it opens proves it.
  const isLikely = (key: OpeningKey) => key.certificate?.fingerprint === about?.certificate;
  const ordered = about === undefined
    ? opening
    : [...opening.filter(isLikely), ...opening.filter((key) => !isLikely(key))];
  const opened = await open(item, ordered);
  if ("because" in opened) return { action: "shut", because: opened.because, sealed, record };
  const { plain, key } = opened;
  const place = { namespace: item.namespace, name: item.name, key: item.key };
  const isCurrent = key.keyFingerprint === target.keyFingerprint;
  const next = isCurrent ? sealed : await sealValue(plain, target.publicKey, label);
  const sealedItem = { place, plain, sealed: next, label, certificate: target.fingerprint };
  if (!isCurrent) {
    return {
      action: "resealed",
      because: `sealed with ${nameOf(key)} so far`,
      sealed: next,
      record: await recordOf(sealedItem, digestKey, about),
    };
  }
  if (about?.certificate === target.fingerprint && about.label === label) {
    const isWhole = digestKey === undefined || await isProven(about, digestKey);
    if (isWhole) return { action: "unchanged", because: "has the newest key", sealed, record };
  }
  return {
    action: "recorded",
    because: "has the newest key, which was not recorded",
    sealed,
    record: await recordOf(sealedItem, digestKey, about),
  };
}

/** The record of an item whose value nobody here has seen, as after the controller sealed it again. */
export async function recordUnseen(
  sealed: string,
  { label, certificate }: Pick<SealRecord, "label" | "certificate">,
): Promise<SealRecord> {
  return { certificate, label, item: await itemDigest(sealed) };
}

async function open(
  { sealed, label }: Pick<ResealItem, "sealed" | "label">,
  keys: readonly OpeningKey[],
): Promise<{ plain: Uint8Array<ArrayBuffer>; key: OpeningKey } | { because: string }> {
  for (const key of keys) {
    try {
      return { plain: await unsealValue(sealed, [key.privateKey], label), key };
    } catch (error) {
      if (error instanceof Malformed) return { because: error.message };
      if (!(error instanceof CannotUnseal)) throw error;
    }
  }
  return {
    because: `none of ${keys.length} keys opens it as ${label === "" ? "cluster-wide" : label}`,
  };
}

function nameOf({ certificate, keyFingerprint }: OpeningKey): string {
  return `certificate ${(certificate?.fingerprint ?? keyFingerprint).slice(0, 16)}…`;
}
