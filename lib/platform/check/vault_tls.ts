import type { Mistake } from "../mistake.ts";
import type { ClusterVault, Platform } from "../types.ts";
import { vaultClientsOf } from "../vault_clients.ts";
import { isInCluster, vaultAddress, vaultHost, vaultOfService, vaultServersOf } from "../vaults.ts";

/** Who asks a Vault must speak what it speaks: a client that is wrong about that shows a broken connection only. */
export function checkVaultAddresses(platform: Platform): Mistake[] {
  return vaultClientsOf(platform).flatMap(({ vault, address, path }) => {
    if (vault === undefined) return [];
    const wanted = new URL(vaultAddress(vault, platform.vaults[vault]!)).protocol;
    return new URL(address).protocol === wanted ? [] : [{
      path,
      message: `${address}, expected ${wanted}// since the vault ${vault} has ${
        wanted === "https:" ? "a certificate" : "no tls"
      }`,
    }];
  });
}

/** Only Traefik is told how to speak to a program that serves HTTPS by itself. */
export function checkVaultRoutes(platform: Platform): Mistake[] {
  const { ingress, vaults, routes } = platform;
  return Object.entries(routes).flatMap(([name, { namespace, service, tlsPassthrough }]) => {
    const vault = vaults[vaultOfService(platform, namespace, service) ?? ""];
    if (vault === undefined || !isInCluster(vault) || vault.tls === undefined) return [];
    return tlsPassthrough === true || ingress?.controller === "traefik" ? [] : [{
      path: ["routes", name, "service"],
      message:
        `${service} is a vault with tls, which ${ingress?.controller} would ask over plain ` +
        "HTTP; expected tlsPassthrough, or the ingress controller traefik",
    }];
  });
}

/** A certificate of the platform's must be beside Vault, and for the names under which it is asked. */
export function checkVaultCertificate(
  name: string,
  vault: ClusterVault,
  { certificates }: Platform,
): Mistake[] {
  const certificate = certificates[vault.tls?.secret ?? ""];
  if (certificate === undefined) return [];
  const path = ["vaults", name, "tls", "secret"];
  if (certificate.namespace !== vault.namespace) {
    return [{
      path,
      message: `the certificate ${vault.tls!.secret} is in namespace ${certificate.namespace}, ` +
        `expected one in ${vault.namespace}`,
    }];
  }
  const names = [
    vaultHost(name, vault),
    ...(vault.replicas > 1 ? vaultServersOf(name, vault).map(({ host }) => host) : []),
  ];
  const missing = names.filter((host) => !certificate.hosts.some((known) => covers(known, host)));
  return missing.length === 0 ? [] : [{
    path,
    message: `the certificate ${vault.tls!.secret} is for ${certificate.hosts.join(", ")}, ` +
      `expected it to be for ${missing.join(", ")} too`,
  }];
}

/** Source: RFC 6125, section 6.4.3. */
function covers(known: string, host: string): boolean {
  return known === host ||
    (known.startsWith("*.") && host.slice(host.indexOf(".")) === known.slice(1));
}
