/** A certificate and its private key, in PEM. */
export interface CertificatePair {
  /** Certificate. */
  cert: string;
  /** Private key, in PKCS #8. */
  key: string;
}

/** What a new certificate says. */
export interface CertificateRequest {
  /** Common name. */
  commonName: string;
  /** Organization; Kubernetes takes it for the group. */
  organization?: string;
  /** What it is for: to sign others, to be shown by a server or by a client. @default a server where it has names, else an authority */
  purpose?: "authority" | "server" | "client";
  /** DNS names and IP addresses of a server. */
  serverNames?: readonly string[];
  /** From when it is valid. */
  notBefore: Temporal.Instant;
  /** Until when it is valid. */
  notAfter: Temporal.Instant;
}

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" } as const;

/**
 * Make a key and a certificate for it, signed by `authority`; without one it signs itself. Source: RFC 5280, ECDSA
 * with P-256.
 */
export async function makeCertificate(
  request: CertificateRequest,
  authority?: CertificatePair,
): Promise<CertificatePair> {
  const { serverNames, notBefore, notAfter, purpose = serverNames ? "server" : "authority" } =
    request;
  // Loading the library costs more than all else here, so it happens only when something is to be made.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const subject: Record<string, string[]>[] = [
    ...(request.organization === undefined ? [] : [{ O: [request.organization] }]),
    { CN: [request.commonName] },
  ];
  const signer = authority === undefined ? undefined : {
    certificate: new x509.X509Certificate(authority.cert),
    key: await crypto.subtle.importKey(
      "pkcs8",
      x509.PemConverter.decodeFirst(authority.key),
      keyAlgorithm,
      false,
      ["sign"],
    ),
  };
  const isAuthority = purpose === "authority";
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signer?.certificate.subjectName.toJSON() ?? subject,
    notBefore: new Date(notBefore.epochMilliseconds),
    notAfter: new Date(notAfter.epochMilliseconds),
    publicKey: keys.publicKey,
    signingKey: signer?.key ?? keys.privateKey,
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(isAuthority, undefined, true),
      new x509.KeyUsagesExtension(
        isAuthority ? keyCertSign | cRLSign | digitalSignature : digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(signer === undefined ? [] : [
        await x509.AuthorityKeyIdentifierExtension.create(signer.certificate.publicKey),
      ]),
      ...(isAuthority ? [] : [
        new x509.ExtendedKeyUsageExtension([
          purpose === "client"
            ? x509.ExtendedKeyUsage.clientAuth
            : x509.ExtendedKeyUsage.serverAuth,
        ]),
      ]),
      ...(serverNames === undefined ? [] : [
        new x509.SubjectAlternativeNameExtension(
          serverNames.map((value) => ({
            type: isAddress(value) ? "ip" as const : "dns" as const,
            value,
          })),
        ),
      ]),
    ],
  });
  return {
    cert: `${certificate.toString("pem")}\n`,
    key: pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
  };
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(":");
}

/** Source: RFC 7468, textual encoding with lines of 64 characters. */
function pem(label: string, der: ArrayBuffer): string {
  const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
