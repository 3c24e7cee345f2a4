import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate with its key, as PEM. */
export interface Issued {
  certPem: string;
  keyPem: string;
}

/** A throwaway CA. */
export interface TestAuthority {
  caPem: string;
  /** Issue a certificate for 127.0.0.1 and any client use. */
  issue(
    options: { subject: string; notBefore: Date; notAfter: Date; host?: string },
  ): Promise<Issued>;
}

/** Make a CA that lives as long as the test. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test CA",
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  return {
    caPem: ca.toString("pem"),
    async issue({ subject, notBefore, notAfter, host = "127.0.0.1" }) {
      const own = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        subject,
        issuer: ca.subjectName,
        notBefore,
        notAfter,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            { type: /^[\d.]+$/.test(host) ? "ip" : "dns", value: host },
          ]),
        ],
      });
      const key = await crypto.subtle.exportKey("pkcs8", own.privateKey);
      return {
        certPem: certificate.toString("pem"),
        keyPem: x509.PemConverter.encode(key, "PRIVATE KEY"),
      };
    },
  };
}
