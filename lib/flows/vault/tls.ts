import { X509Certificate } from "node:crypto";
import { type CertificatePair, makeCertificate } from "../../core/certificate.ts";
import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ClusterVault, Platform } from "../../platform/types.ts";
import { hasOwnAuthority, vaultCaNamespaces } from "../../platform/vault_clients.ts";
import {
  isInCluster,
  vaultCaKey,
  vaultCaSecret,
  vaultCertificateNames,
} from "../../platform/vaults.ts";
import { readOwnSecret, writeOwnSecret } from "./own_secret.ts";

const authorityDays = 3650;
const serverDays = 365;
const renewDays = 30;

/** What was done about the certificates of a Vault. */
export interface VaultCertificates {
  /** Secrets that were written, as `namespace/name`. */
  written: string[];
  /** Authority that Vault's certificate is checked with, in PEM; undefined where it is a public one, or over HTTP. */
  caCert?: string;
  /** Whether another certificate took the place of one, which servers that run read at their next start. */
  renewed: boolean;
}

/** For whom certificates are made. */
export interface CertificatesOf {
  /** Name of the Vault. */
  name: string;
  /** What the platform says of it. */
  platform: Platform;
  /** Names that its certificate must have besides those by which the cluster reaches it. */
  extraNames?: readonly string[];
}

/**
 * See to the certificates of a Vault: where the platform has none of that name, make an authority for ten years, whose
 * key stays in a Secret that no pod mounts, and a certificate for a year, again when less than 30 days of it are left
 * or its names have changed; and put the authority where clients look for it.
 *
 * @throws {SlipwayError} when the platform's certificate has not been issued yet
 */
export async function ensureVaultCertificates(
  cluster: ClusterClient,
  { name, platform, extraNames = [] }: CertificatesOf,
  context: Pick<Context, "signal" | "now" | "redactor">,
): Promise<VaultCertificates> {
  const vault = platform.vaults[name]!;
  const written: string[] = [];
  const put = async (secret: Parameters<typeof writeOwnSecret>[1]) => {
    const wrote = await writeOwnSecret(cluster, secret, context);
    if (wrote) written.push(`${secret.namespace}/${secret.name}`);
    return wrote;
  };
  let caCert: string | undefined;
  let renewed = false;
  if (!isInCluster(vault)) {
    caCert = vault.outside.caCert;
  } else if (vault.tls !== undefined) {
    const { namespace, tls } = vault;
    if (platform.certificates[tls.secret] === undefined) {
      const names = [...vaultCertificateNames(name, vault), ...extraNames];
      const { authority, server, isRenewed } = await ensurePair(
        cluster,
        name,
        vault,
        names,
        context,
      );
      await put({
        namespace,
        name: authoritySecret(tls.secret),
        type: "kubernetes.io/tls",
        values: { "tls.crt": authority.cert, "tls.key": authority.key },
      });
      await put({
        namespace,
        name: tls.secret,
        type: "kubernetes.io/tls",
        values: { "tls.crt": server.cert, "tls.key": server.key, [vaultCaKey]: authority.cert },
      });
      renewed = isRenewed;
      caCert = authority.cert;
    } else if (hasOwnAuthority(platform, name)) {
      caCert = await issuedAuthority(cluster, name, vault, context);
    }
  }
  if (caCert !== undefined) {
    for (const namespace of vaultCaNamespaces(platform, name)) {
      await put({ namespace, name: vaultCaSecret(name), values: { [vaultCaKey]: caCert } });
    }
  }
  return { written, renewed, ...(caCert === undefined ? {} : { caCert }) };
}

/** Secret with the authority that signs the certificate in another one. */
export function authoritySecret(secret: string): string {
  return `${secret}-authority`;
}

async function ensurePair(
  cluster: ClusterClient,
  name: string,
  { namespace, tls }: ClusterVault,
  names: readonly string[],
  { now, signal, redactor }: Pick<Context, "signal" | "now" | "redactor">,
): Promise<{ authority: CertificatePair; server: CertificatePair; isRenewed: boolean }> {
  const secret = tls!.secret;
  const pairIn = async (name: string): Promise<CertificatePair | undefined> => {
    const values = await readOwnSecret(cluster, { namespace, name }, { signal });
    const cert = values?.["tls.crt"];
    const key = values?.["tls.key"];
    if (key !== undefined) redactor.add(key);
    return cert === undefined || key === undefined ? undefined : { cert, key };
  };
  const from = now().subtract({ minutes: 1 });
  const until = (days: number) => now().add({ hours: 24 * days });
  const found = await pairIn(authoritySecret(secret));
  const authority = found !== undefined && isValid(found.cert, now(), serverDays)
    ? found
    : await makeCertificate({
      commonName: `slipway-${namespace}-${name}`,
      notBefore: from,
      notAfter: until(authorityDays),
    });
  const server = await pairIn(secret);
  const isNew = server === undefined || !serves(server.cert, authority.cert, names, now());
  return {
    authority,
    server: isNew
      ? await makeCertificate({
        commonName: `${name}.${namespace}.svc`,
        serverNames: names,
        notBefore: from,
        notAfter: until(serverDays),
      }, authority)
      : server,
    isRenewed: isNew && server !== undefined,
  };
}

async function issuedAuthority(
  cluster: ClusterClient,
  name: string,
  { namespace, tls }: ClusterVault,
  context: Pick<Context, "signal">,
): Promise<string> {
  const secret = tls!.secret;
  const values = await readOwnSecret(cluster, { namespace, name: secret }, context);
  const found = values?.[vaultCaKey];
  if (found) return found;
  throw new SlipwayError(
    `Cannot install the Vault ${name}: its certificate ${secret} has not been issued, there is no ${vaultCaKey} in Secret ${namespace}/${secret}`,
    {
      remedy:
        "apply the platform, and see with `deno task status` why the Certificate is not ready",
    },
  );
}

/** Whether a server's certificate is of this authority, for these names, and for a while yet. */
export function serves(
  cert: string,
  authority: string,
  names: readonly string[],
  now: Temporal.Instant,
): boolean {
  if (!isValid(cert, now, renewDays)) return false;
  const parsed = new X509Certificate(cert);
  const known = parsed.subjectAltName?.split(", ") ?? [];
  return parsed.checkIssued(new X509Certificate(authority)) &&
    parsed.verify(new X509Certificate(authority).publicKey) &&
    names.every((name) => known.includes(`DNS:${name}`) || known.includes(`IP Address:${name}`));
}

function isValid(cert: string, now: Temporal.Instant, daysLeft: number): boolean {
  try {
    const { validFrom, validTo } = new X509Certificate(cert);
    const ends = Temporal.Instant.fromEpochMilliseconds(Date.parse(validTo));
    return Date.parse(validFrom) <= now.epochMilliseconds &&
      ends.since(now).total("hours") > daysLeft * 24;
  } catch {
    return false;
  }
}
