import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readIfThere, writePrivate } from "./files.ts";

/** Who a certificate speaks for, and to whom. */
export interface CertificateRequest {
  /** Name of its two files, without `.crt` and `.key`. */
  file: string;
  /** Name of the authority that signs it; absent for an authority, which signs itself. */
  signedBy?: string;
  /** Common name; Kubernetes takes it for the user name. */
  commonName: string;
  /** Organization; Kubernetes takes it for the group. */
  organization?: string;
  /** DNS names and IP addresses of a server; absent for clients and authorities. */
  serverNames?: readonly { type: "dns" | "ip"; value: string }[];
}

/** First address of the service network, on which pods reach the API server. */
export const apiServiceAddress = "10.43.0.1";

/**
 * The certificates of a control plane, authorities first.
 * Source: "PKI certificates and requirements" in the Kubernetes documentation.
 */
export const clusterCertificates: readonly CertificateRequest[] = [
  { file: "ca", commonName: "slipway-ca" },
  { file: "front-proxy-ca", commonName: "slipway-front-proxy-ca" },
  {
    file: "apiserver",
    signedBy: "ca",
    commonName: "kube-apiserver",
    serverNames: [
      ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"].map((
        value,
      ) => ({
        type: "dns" as const,
        value,
      })),
      { type: "dns", value: "kubernetes.default.svc.cluster.local" },
      { type: "ip", value: "127.0.0.1" },
      { type: "ip", value: apiServiceAddress },
    ],
  },
  { file: "front-proxy-client", signedBy: "front-proxy-ca", commonName: "front-proxy-client" },
  {
    file: "admin",
    signedBy: "ca",
    commonName: "slipway-admin",
    organization: "system:masters",
  },
  { file: "controller-manager", signedBy: "ca", commonName: "system:kube-controller-manager" },
  { file: "scheduler", signedBy: "ca", commonName: "system:kube-scheduler" },
  { file: "kwok", signedBy: "ca", commonName: "slipway-kwok", organization: "system:masters" },
  {
    file: "node-agent",
    signedBy: "ca",
    commonName: "slipway-node-agent",
    organization: "system:masters",
  },
];

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" } as const;
const authorityDays = 3650;
const leafDays = 365;
const renewDays = 30;

/**
 * Make the certificates that are missing or damaged, and renew those that end within 30 days; what
 * an authority no longer vouches for is made again. Also makes the key that signs service account
 * tokens. All are PEM files of mode 0600.
 *
 * @returns the names of what was made
 */
export async function ensureCertificates(
  folder: string,
  now: Temporal.Instant,
  requests: readonly CertificateRequest[] = clusterCertificates,
): Promise<string[]> {
  const made: string[] = [];
  for (const request of requests) {
    if (await isUsable(folder, request, now)) continue;
    await makeCertificate(folder, request, now);
    made.push(request.file);
  }
  if (await readIfThere(`${folder}/service-account.key`) === undefined) {
    const keys = await generateKeys();
    await writePrivate(`${folder}/service-account.pub`, await publicPem(keys.publicKey));
    await writePrivate(`${folder}/service-account.key`, await privatePem(keys.privateKey));
    made.push("service-account");
  }
  return made;
}

/** A run may have been killed between writing a key and its certificate, so the pair is checked, not trusted. */
async function isUsable(
  folder: string,
  request: CertificateRequest,
  now: Temporal.Instant,
): Promise<boolean> {
  const [pem, key, authorityPem] = await Promise.all([
    readIfThere(`${folder}/${request.file}.crt`),
    readIfThere(`${folder}/${request.file}.key`),
    readIfThere(`${folder}/${request.signedBy ?? request.file}.crt`),
  ]);
  if (pem === undefined || key === undefined || authorityPem === undefined) return false;
  try {
    const certificate = new X509Certificate(pem);
    const authority = new X509Certificate(authorityPem);
    const daysLeft = (Date.parse(certificate.validTo) - now.epochMilliseconds) / 86_400_000;
    return daysLeft > renewDays && certificate.checkPrivateKey(createPrivateKey(key)) &&
      certificate.verify(
        createPublicKey(authority.publicKey.export({ type: "spki", format: "pem" })),
      );
  } catch {
    return false;
  }
}

async function makeCertificate(
  folder: string,
  request: CertificateRequest,
  now: Temporal.Instant,
): Promise<void> {
  // Loading the library costs more than all else here, so it happens only when something is to be made.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await generateKeys();
  const isAuthority = request.signedBy === undefined;
  const signer = isAuthority ? undefined : await loadSigner(folder, request.signedBy!);
  const subject: Record<string, string[]>[] = [
    ...(request.organization === undefined ? [] : [{ O: [request.organization] }]),
    { CN: [request.commonName] },
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signer?.name ?? subject,
    // A minute back, for clocks that are set a little while the cluster starts.
    notBefore: new Date(now.subtract({ minutes: 1 }).epochMilliseconds),
    notAfter: new Date(
      now.add({ hours: 24 * (isAuthority ? authorityDays : leafDays) }).epochMilliseconds,
    ),
    publicKey: keys.publicKey,
    signingKey: signer?.key ?? keys.privateKey,
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(isAuthority, undefined, true),
      new x509.KeyUsagesExtension(
        isAuthority
          ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign |
            x509.KeyUsageFlags.digitalSignature
          : x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(isAuthority ? [] : [
        new x509.ExtendedKeyUsageExtension([
          request.serverNames === undefined
            ? x509.ExtendedKeyUsage.clientAuth
            : x509.ExtendedKeyUsage.serverAuth,
        ]),
      ]),
      ...(request.serverNames === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([...request.serverNames])]),
    ],
  });
  await writePrivate(`${folder}/${request.file}.key`, await privatePem(keys.privateKey));
  await writePrivate(`${folder}/${request.file}.crt`, `${certificate.toString("pem")}\n`);
}

async function loadSigner(folder: string, file: string) {
  const x509 = await import("@peculiar/x509");
  const certificate = new x509.X509Certificate(await Deno.readTextFile(`${folder}/${file}.crt`));
  const pem = await Deno.readTextFile(`${folder}/${file}.key`);
  const key = await crypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(pem),
    keyAlgorithm,
    false,
    ["sign"],
  );
  return { name: certificate.subjectName.toJSON(), key };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
}

async function privatePem(key: CryptoKey): Promise<string> {
  return pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key));
}

async function publicPem(key: CryptoKey): Promise<string> {
  return pem("PUBLIC KEY", await crypto.subtle.exportKey("spki", key));
}

/** Source: RFC 7468, textual encoding with lines of 64 characters. */
function pem(label: string, der: ArrayBuffer): string {
  const lines = new Uint8Array(der).toBase64().match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
