import type { Manifest } from "../core/object.ts";
import { keyLabel, legacyKeyName } from "./keyring.ts";

/** How a key is made. */
export interface NewKeyOptions {
  /** From when it is valid. */
  notBefore: Temporal.Instant;
  /** How many days it is. @default 3650, as the controller's own */
  days?: number;
  /** Bits of its modulus. @default 4096, as the controller's own */
  bits?: number;
}

/** A new key, in PEM. */
export interface NewKey {
  /** The certificate. */
  certificate: string;
  /** The private key, in PKCS #8. */
  privateKey: string;
}

/**
 * Make a key as the controller makes its own: RSA, with a certificate that it signs itself.
 * Source: sealed-secrets, pkg/crypto GeneratePrivateKeyAndCert.
 */
export async function makeSealingKey(
  { notBefore, days = 3650, bits = 4096 }: NewKeyOptions,
): Promise<NewKey> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: bits,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    notBefore: new Date(notBefore.epochMilliseconds),
    notAfter: new Date(notBefore.add({ hours: 24 * days }).epochMilliseconds),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.encipherOnly, true),
    ],
  });
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g)!.join("\n");
  return {
    certificate: `${certificate.toString("pem")}\n`,
    // Source: RFC 7468, lines of 64 characters.
    privateKey: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}

/** The Secret that the controller takes for a key of its own. Source: sealed-secrets, docs/bring-your-own-certificates.md. */
export function keySecret(
  { certificate, privateKey }: NewKey,
  { namespace, random }: { namespace: string; random: () => number },
): Manifest {
  const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
  // As `generateName` does, without the letters that could make words.
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const suffix = Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: legacyKeyName + suffix.join(""),
      namespace,
      labels: { [keyLabel]: "active" },
    },
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(certificate), "tls.key": base64(privateKey) },
  };
}
