import type {
  ClusterVault,
  OutsideVault,
  Platform,
  Vault,
  VaultInitialize,
  VaultSeal,
} from "./types.ts";

/** Port on which Vault answers. Source: Vault's listener documentation. */
export const vaultPort = 8200;

/** Port on which Vault's servers speak to each other. Source: Vault's listener documentation. */
export const vaultClusterPort = 8201;

/** Key of {@linkcode vaultCaSecret} with the authority's certificate, as cert-manager and Kubernetes name it. */
export const vaultCaKey = "ca.crt";

/** Numbers of key shares, and of those that unseal; where a platform gives none, Vault's own. Source: Vault, "operator init". */
export function vaultShares(
  { shares = 5, threshold = Math.min(3, shares) }: Pick<VaultInitialize, "shares" | "threshold">,
): { shares: number; threshold: number } {
  return { shares, threshold };
}

/** Whether a Vault's servers are pods of the cluster. */
export function isInCluster(vault: Vault): vault is ClusterVault {
  return vault.outside === undefined;
}

/** How another Vault unseals this one; undefined where people do. */
export function sealOf(vault: Vault): VaultSeal | undefined {
  return isInCluster(vault) ? vault.seal : undefined;
}

/** The Vaults whose servers the cluster runs, by name. */
export function clusterVaults({ vaults }: Pick<Platform, "vaults">): [string, ClusterVault][] {
  return Object.entries(vaults).filter((entry): entry is [string, ClusterVault] =>
    isInCluster(entry[1])
  );
}

/** The Vaults outside of the cluster, by name. */
export function outsideVaults({ vaults }: Pick<Platform, "vaults">): [string, OutsideVault][] {
  return Object.entries(vaults).filter((entry): entry is [string, OutsideVault] =>
    !isInCluster(entry[1])
  );
}

/** Secret with the authority that clients check a Vault's certificate with, in the namespace of each client. */
export function vaultCaSecret(name: string): string {
  return `${name}-ca`;
}

/** A server of a Vault in the cluster. */
export interface VaultServer {
  /** Name of its pod, which Raft knows it by. */
  name: string;
  /** Host name, under which the other servers find it. */
  host: string;
  /** URL of its API. */
  address: string;
}

/** The servers of a Vault in the cluster. Source: Kubernetes, "DNS for Services and Pods", StatefulSets' pods. */
export function vaultServersOf(name: string, vault: ClusterVault): VaultServer[] {
  return Array.from({ length: vault.replicas }, (_, index) => {
    const pod = `${name}-${index}`;
    const host = `${pod}.${name}-internal.${vault.namespace}.svc`;
    return { name: pod, host, address: `${schemeOf(vault)}://${host}:${vaultPort}` };
  });
}

/** Host name of a Vault's Service, whichever server answers. */
export function vaultHost(name: string, { namespace }: ClusterVault): string {
  return `${name}.${namespace}.svc`;
}

/** URL at which programs of the cluster reach a Vault. */
export function vaultAddress(name: string, vault: Vault): string {
  return isInCluster(vault)
    ? `${schemeOf(vault)}://${vaultHost(name, vault)}:${vaultPort}`
    : vault.outside.address;
}

/** Name of its port, which says what is spoken there. */
export function vaultPortName(vault: ClusterVault): "http" | "https" {
  return schemeOf(vault);
}

/**
 * Names that the certificate of a Vault in the cluster must be valid for: its Services, each of its servers, and
 * the loopback address, by which probes and whoever is in the pod reach it.
 */
export function vaultCertificateNames(name: string, vault: ClusterVault): string[] {
  return [
    ...[name, `${name}-active`].flatMap((service) => namesOfService(service, vault.namespace)),
    ...vaultServersOf(name, vault).map(({ host }) => host),
    "localhost",
    "127.0.0.1",
  ];
}

/** The Vault that a URL leads to, by name: undefined where it is none of the platform's. */
export function vaultAt({ vaults }: Pick<Platform, "vaults">, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, origin } = new URL(url);
  return Object.entries(vaults).find(([name, vault]) =>
    isInCluster(vault)
      ? [name, `${name}-active`].some((service) =>
        namesOfService(service, vault.namespace).slice(1).includes(hostname)
      )
      : URL.canParse(vault.outside.address) && new URL(vault.outside.address).origin === origin
  )?.[0];
}

/** The Vault that a Service of a namespace leads to, by name. */
export function vaultOfService(
  platform: Pick<Platform, "vaults">,
  namespace: string,
  service: string,
): string | undefined {
  return clusterVaults(platform).find(([name, vault]) =>
    vault.namespace === namespace && [name, `${name}-active`].includes(service)
  )?.[0];
}

/** Names of a Service, the shortest of which only its own namespace knows. */
function namesOfService(service: string, namespace: string): string[] {
  const host = `${service}.${namespace}`;
  return [service, host, `${host}.svc`, `${host}.svc.cluster.local`];
}

function schemeOf({ tls }: Pick<ClusterVault, "tls">): "http" | "https" {
  return tls === undefined ? "http" : "https";
}
