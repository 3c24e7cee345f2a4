import { messageOf } from "../core/errors.ts";
import { type DerElement, derElement, derElements } from "./der.ts";
import { CertificateRefused, Malformed } from "./errors.ts";
import { pemBlocks } from "./pem.ts";
import { importPublicKey, type SealingKey } from "./rsa.ts";

/** A certificate that values are sealed with. */
export interface SealingCertificate extends SealingKey {
  /** SHA-256 of the certificate, in 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` has it without colons. */
  fingerprint: string;
  /** When it begins to be valid. */
  notBefore: Temporal.Instant;
  /** When it ends. */
  notAfter: Temporal.Instant;
  /** The certificate itself, in DER. */
  der: Uint8Array<ArrayBuffer>;
}

/** What a certificate must be to be used. */
export interface CertificateWish {
  /** The time now. */
  now: Temporal.Instant;
  /** Fingerprints of which it must have one, in any usual form. Any certificate will do when absent. */
  pinned?: readonly string[];
  /** Where the certificate comes from, for messages. */
  source: string;
}

const utcTimeTag = 0x17;
const versionTag = 0xa0;

/**
 * The certificates of a PEM file, in its order.
 * Source: RFC 5280, 4.1.
 *
 * @param source where they come from, for messages
 * @throws {Malformed} when there is none, or one cannot be read
 */
export async function readCertificates(pem: string, source: string): Promise<SealingCertificate[]> {
  const blocks = pemBlocks(pem).filter(({ label }) => label === "CERTIFICATE");
  if (blocks.length === 0) {
    throw new Malformed(
      `Cannot read the certificate of ${source}: it has no PEM block CERTIFICATE`,
      {
        remedy: "fetch it again with `deno task seal-secret --fetch-cert`",
      },
    );
  }
  return await Promise.all(blocks.map(async ({ bytes }, index) => {
    try {
      return await readCertificate(bytes);
    } catch (error) {
      throw new Malformed(
        `Cannot read certificate ${index + 1} of ${source}: ${messageOf(error)}`,
        { remedy: "fetch it again with `deno task seal-secret --fetch-cert`", cause: error },
      );
    }
  }));
}

/**
 * The certificate to seal with: of those that are valid now, and pinned where pins are given, the newest by its
 * NotBefore.
 *
 * @throws {CertificateRefused} when none may be used, saying why of the newest
 */
export function chooseCertificate(
  certificates: readonly SealingCertificate[],
  wish: CertificateWish,
): SealingCertificate {
  const newestFirst = certificates.toSorted((a, b) =>
    Temporal.Instant.compare(b.notBefore, a.notBefore)
  );
  const usable = newestFirst.find((certificate) => refusal(certificate, wish) === undefined);
  if (usable !== undefined) return usable;
  const newest = newestFirst[0];
  if (newest === undefined) throw new CertificateRefused(`${wish.source} has no certificate`);
  throw refusal(newest, wish)!;
}

/** A fingerprint as this project writes it, from any usual form: upper case, with colons, or after `SHA256:`. */
export function normalFingerprint(text: string): string {
  const digits = text.trim().replace(/^sha-?256(?:\s+fingerprint)?[:=\s]/i, "").replaceAll(":", "")
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new Malformed(`Cannot read the fingerprint "${text}": wanted 64 hexadecimal digits`, {
    remedy: "take it from `openssl x509 -noout -fingerprint -sha256`",
  });
}

function refusal(
  certificate: SealingCertificate,
  { now, pinned, source }: CertificateWish,
): CertificateRefused | undefined {
  const { notBefore, notAfter, fingerprint } = certificate;
  if (pinned !== undefined && !pinned.map(normalFingerprint).includes(fingerprint)) {
    return new CertificateRefused(
      `Refused the certificate of ${source}: its fingerprint is ${fingerprint}, pinned is ${
        pinned.map(normalFingerprint).join(" or ")
      }`,
      {
        remedy:
          "if the controller has made a new key, pin its fingerprint; otherwise this is the certificate of another cluster",
      },
    );
  }
  if (Temporal.Instant.compare(now, notAfter) > 0) {
    return new CertificateRefused(
      `Refused the certificate of ${source}: it ended at ${notAfter}, and now it is ${second(now)}`,
      { remedy: "fetch the current one with `deno task seal-secret --fetch-cert`" },
    );
  }
  if (Temporal.Instant.compare(now, notBefore) < 0) {
    return new CertificateRefused(
      `Refused the certificate of ${source}: it begins at ${notBefore}, and now it is ${
        second(now)
      }`,
      { remedy: "set the clock of this machine, or that of the cluster's nodes" },
    );
  }
  return undefined;
}

async function readCertificate(der: Uint8Array<ArrayBuffer>): Promise<SealingCertificate> {
  const [signed] = derElements(derElement(der).content);
  if (signed === undefined) throw new RangeError("it is empty");
  const fields = derElements(signed.content);
  // The version comes first, and is absent in version 1.
  const [, , , validity, , spki] = fields[0]?.tag === versionTag ? fields.slice(1) : fields;
  if (validity === undefined || spki === undefined) throw new RangeError("it is cut off");
  const [notBefore, notAfter] = derElements(validity.content).map(timeOf);
  if (notBefore === undefined || notAfter === undefined) throw new RangeError("it has no validity");
  return {
    ...await importPublicKey(spki.whole),
    fingerprint: new Uint8Array(await crypto.subtle.digest("SHA-256", der)).toHex(),
    notBefore,
    notAfter,
    der,
  };
}

/** Two digits of a year mean 1950 to 2049. Source: RFC 5280, 4.1.2.5. */
function timeOf({ tag, content }: DerElement): Temporal.Instant {
  const text = new TextDecoder().decode(content);
  const century = tag !== utcTimeTag ? "" : Number(text.slice(0, 2)) < 50 ? "20" : "19";
  return Temporal.Instant.from(
    `${century}${text}`.replace(
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/,
      "$1-$2-$3T$4:$5:$6Z",
    ),
  );
}

function second(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: "second" });
}
