import { readCertificates, type SealingCertificate } from "./certificate.ts";
import type { Document } from "./document.ts";
import { Malformed } from "./errors.ts";
import { readPrivateKeys } from "./private_keys.ts";
import type { UnsealingKey } from "./rsa.ts";
import { type PlainSecret, secretOf } from "./secret.ts";

/** Label of the Secrets that are a controller's keys. Source: sealed-secrets, pkg/controller SealedSecretsKeyLabel. */
export const keyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";

/**
 * Name of the one key that controllers older than 0.9 had, without the label; those of today still take it.
 * Source: sealed-secrets, pkg/controller initKeyRegistry.
 */
export const legacyKeyName = "sealed-secrets-key";

/** A key of a controller. */
export interface ControllerKey {
  /** The Secret that it is kept in. */
  secret: PlainSecret;
  /** Name of the Secret. */
  name: string;
  /** Its certificate: the first one, which the controller takes. */
  certificate: SealingCertificate;
  /** Whether the controller opens with it: it has the label `active`, or is the legacy one. */
  isActive: boolean;
}

/** A key that opens values. */
export interface OpeningKey extends UnsealingKey {
  /** Its certificate, where it is known. */
  certificate?: SealingCertificate;
}

/**
 * The key that a Secret of a controller holds; its private part stays unread.
 *
 * @throws {Malformed} when it holds none
 */
export async function controllerKeyOf(document: Document): Promise<ControllerKey> {
  const secret = secretOf(document);
  const { name = "", metadata } = secret;
  const pem = secret.values.get("tls.crt");
  if (pem === undefined || !secret.values.has("tls.key")) {
    throw new Malformed(`Cannot read the key in ${document.place}: it lacks tls.crt or tls.key`, {
      remedy: "restore the Secret from a backup",
    });
  }
  const [certificate] = await readCertificates(new TextDecoder().decode(pem), document.place);
  const labels = metadata["labels"] as Record<string, string> | undefined;
  return {
    secret,
    name,
    certificate: certificate!,
    isActive: labels?.[keyLabel] === "active" || name === legacyKeyName,
  };
}

/** Keys by the NotBefore of their certificates, the newest first: the order in which the controller prefers them. */
export function byAge<T extends { certificate: Pick<SealingCertificate, "notBefore"> }>(
  keys: readonly T[],
): T[] {
  return keys.toSorted((a, b) =>
    Temporal.Instant.compare(b.certificate.notBefore, a.certificate.notBefore)
  );
}

/** The key that the controller seals and serves with: the newest of the active ones. */
export function newestKey<T extends Pick<ControllerKey, "certificate" | "isActive">>(
  keys: readonly T[],
): T | undefined {
  return byAge(keys.filter(({ isActive }) => isActive))[0];
}

/** The private part of a controller's key, for opening. */
export async function openingKeyOf(key: ControllerKey, place: string): Promise<OpeningKey> {
  const pem = new TextDecoder().decode(key.secret.values.get("tls.key"));
  const [opening] = await readPrivateKeys(pem, place);
  if (opening!.keyFingerprint !== key.certificate.keyFingerprint) {
    throw new Malformed(
      `Cannot use the key in ${place}: its certificate is of another private key`,
      { remedy: "restore the Secret from a backup" },
    );
  }
  return { ...opening!, certificate: key.certificate };
}
