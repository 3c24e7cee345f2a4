import { Buffer } from "node:buffer";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** A certificate and its private key, both as PEM. */
export interface CertificatePair {
  /** The certificate, which is its own authority. */
  certificate: string;
  /** The private key. */
  key: string;
}

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8. Source: RFC 8410, section 7. */
const keyPrefix = Uint8Array.fromHex("302e020100300506032b657004220420");

const algorithm = { name: "Ed25519" } as const;

/**
 * A valid self-signed pair that is the same for the same subject and hosts, so that nothing changes when it is
 * made again. Anybody can make it again: it protects nothing, and is for places where nothing has to be protected.
 * Ed25519 has deterministic signatures. Source: RFC 8032.
 */
export async function placeholderCertificate(
  subject: string,
  hosts: readonly string[],
): Promise<CertificatePair> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const seed = createHash("sha256").update(`placeholder ${subject}`).digest();
  const pkcs8 = new Uint8Array([...keyPrefix, ...seed]);
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const certificate = await x509.X509CertificateGenerator.create({
    // Positive, and not longer than 20 bytes. Source: RFC 5280, section 4.1.2.2.
    serialNumber: `01${seed.toString("hex", 0, 8)}`,
    subject: "CN=placeholder",
    issuer: "CN=placeholder",
    notBefore: new Date("2025-01-01T00:00:00Z"),
    notAfter: new Date("2049-12-31T00:00:00Z"),
    publicKey: await crypto.subtle.importKey("spki", new Uint8Array(spki), algorithm, true, [
      "verify",
    ]),
    signingKey: await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: "dns" as const, value })),
      ),
    ],
  });
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}
