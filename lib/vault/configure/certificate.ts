/** What is needed to know of a certificate. */
export interface AuthorityCertificate {
  /** Distinguished name of its subject, such as `CN=example root`. */
  subject: string;
  /** Begin of its validity. */
  notBefore: Temporal.Instant;
  /** End of its validity. */
  notAfter: Temporal.Instant;
}

/** Read the first certificate of a PEM text; undefined where there is none. */
export async function readCertificate(pem: string): Promise<AuthorityCertificate | undefined> {
  const [block] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (block === undefined) return undefined;
  await import("reflect-metadata");
  const { X509Certificate } = await import("@peculiar/x509");
  const { subject, notBefore, notAfter } = new X509Certificate(block);
  return {
    subject,
    notBefore: Temporal.Instant.fromEpochMilliseconds(notBefore.getTime()),
    notAfter: Temporal.Instant.fromEpochMilliseconds(notAfter.getTime()),
  };
}

/** The common name of a distinguished name; all of it where it has none. */
export function commonNameOf(distinguishedName: string): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(distinguishedName)?.[1] ?? distinguishedName;
}
