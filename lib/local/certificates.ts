import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import { makeCertificate } from "../core/certificate.ts";
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
  serverNames?: readonly string[];
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
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
      "127.0.0.1",
      apiServiceAddress,
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
    await makePair(folder, request, now);
    made.push(request.file);
  }
  if (await readIfThere(`${folder}/service-account.key`) === undefined) {
    const { publicKey, privateKey } = await promisify(generateKeyPair)("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    await writePrivate(`${folder}/service-account.pub`, publicKey);
    await writePrivate(`${folder}/service-account.key`, privateKey);
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

async function makePair(
  folder: string,
  { file, signedBy, commonName, organization, serverNames }: CertificateRequest,
  now: Temporal.Instant,
): Promise<void> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
  const authority = signedBy === undefined
    ? undefined
    : { cert: await read(`${signedBy}.crt`), key: await read(`${signedBy}.key`) };
  const pair = await makeCertificate({
    commonName,
    organization,
    purpose: authority === undefined
      ? "authority"
      : serverNames === undefined
      ? "client"
      : "server",
    serverNames,
    // A minute back, for clocks that are set a little while the cluster starts.
    notBefore: now.subtract({ minutes: 1 }),
    notAfter: now.add({ hours: 24 * (authority === undefined ? authorityDays : leafDays) }),
  }, authority);
  await writePrivate(`${folder}/${file}.key`, pair.key);
  await writePrivate(`${folder}/${file}.crt`, pair.cert);
}
