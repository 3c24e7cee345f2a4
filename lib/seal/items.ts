import { type DigestKey, isUnchanged, recordOf } from "./digest.ts";
import { sealValue } from "./format.ts";
import { sealedItemsAnnotation } from "../core/labels.ts";
import { parseRecords, type SealRecord } from "./record.ts";
import type { SealingKey } from "./rsa.ts";
import type { SealedSecret } from "./sealed_secret.ts";

/** A key to seal with, and its certificate's name. */
export interface ItemSealer extends Pick<SealingKey, "publicKey"> {
  /** SHA-256 of the certificate. */
  fingerprint: string;
}

/** What binds items to their place, and by which they are known again. */
export interface ItemOptions {
  /** Namespace of the Secret; empty where none is said. */
  namespace?: string;
  /** Name of the Secret. */
  name: string;
  /** What the scope binds them to. */
  label: string;
  /** Recognises values that did not change. */
  digestKey?: DigestKey;
  /** What was sealed before: of a value that did not change the ciphertext stays. */
  earlier?: SealedSecret;
}

/** Values that were sealed. */
export interface SealedItems {
  /** The ciphertexts by key, in the order of the values. */
  sealed: Record<string, string>;
  /** What is recorded of each. */
  records: Map<string, SealRecord>;
  /** Keys whose ciphertext stayed as it was. */
  unchanged: string[];
}

/** Seal values, and record of each by which certificate. */
export async function sealItems(
  values: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { publicKey, fingerprint: certificate }: ItemSealer,
  { namespace = "", name, label, digestKey, earlier }: ItemOptions,
): Promise<SealedItems> {
  const known = parseRecords(earlier?.metadata.annotations?.[sealedItemsAnnotation]);
  const unchanged: string[] = [];
  const items = await Promise.all([...values].map(async ([key, plain]) => {
    const place = { namespace, name, key };
    const before = earlier?.spec.encryptedData[key];
    const record = known.get(key);
    const isCurrent = record?.certificate === certificate && record.label === label;
    if (
      isCurrent && before !== undefined && digestKey !== undefined &&
      await isUnchanged(record, { place, plain, sealed: before }, digestKey)
    ) {
      unchanged.push(key);
      return { key, sealed: before, record };
    }
    const sealed = await sealValue(plain, publicKey, label);
    const item = { place, plain, sealed, label, certificate };
    return { key, sealed, record: await recordOf(item, digestKey, record) };
  }));
  return {
    sealed: Object.fromEntries(items.map(({ key, sealed }) => [key, sealed])),
    records: new Map(items.map(({ key, record }) => [key, record])),
    unchanged,
  };
}
