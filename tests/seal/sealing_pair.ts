import "reflect-metadata";
import { createPrivateKey } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { readCertificates, type SealingCertificate } from "../../lib/seal/certificate.ts";

/** A key as a sealed-secrets controller has it. */
export interface SealingPair {
  /** The certificate, in PEM. */
  cert: string;
  /** The private key, in PEM of PKCS #1, as the controller writes it. */
  key: string;
  /** The certificate as it is read. */
  certificate: SealingCertificate;
  /** The private key, for opening. */
  privateKey: CryptoKey;
}

/** From when and until when a certificate is valid, and how long its key is. */
export interface PairOptions {
  /** @default yesterday */
  notBefore?: string;
  /** @default in ten years */
  notAfter?: string;
  /** Bits of the modulus; the controller takes 4096, which takes long to make and to open with. @default 2048 */
  bits?: number;
}

/** Make a key and a certificate for it, as a controller does. */
export async function makePair(options: PairOptions = {}): Promise<SealingPair> {
  const now = Temporal.Now.instant();
  const { bits = 2048 } = options;
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: bits,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    keys,
    notBefore: new Date(options.notBefore ?? now.subtract({ hours: 24 }).toString()),
    notAfter: new Date(options.notAfter ?? now.add({ hours: 87_600 }).toString()),
    signingAlgorithm: algorithm,
  });
  const cert = `${certificate.toString("pem")}\n`;
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
  return {
    cert,
    key: createPrivateKey({ key: new Uint8Array(pkcs8) as never, format: "der", type: "pkcs8" })
      .export({ format: "pem", type: "pkcs1" }).toString(),
    certificate: (await readCertificates(cert, "the test"))[0]!,
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, oaep, false, ["decrypt"]),
  };
}
