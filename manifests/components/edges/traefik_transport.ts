import type { Manifest } from "../../../lib/core/object.ts";
import type { ClusterVault, Platform, Route } from "../../../lib/platform/types.ts";
import { hasOwnAuthority } from "../../../lib/platform/vault_clients.ts";
import { vaultCaSecret, vaultHost, vaultOfService } from "../../../lib/platform/vaults.ts";
import { define } from "../manifest.ts";
import type { ServersTransport } from "../types.ts";

/** What says whether a Vault is behind a Service, and who signed its certificate. */
export type TransportSections = Pick<Platform, "vaults" | "certificates" | "issuers">;

/** How Traefik speaks to a Service: encrypted, where a Vault with a certificate is behind it. */
export function encryption(
  platform: TransportSections,
  namespace: string,
  service: string,
): { scheme?: "https"; serversTransport?: string } {
  const vault = encryptedVault(platform, namespace, service);
  return vault === undefined ? {} : { scheme: "https", serversTransport: transportName(vault[0]) };
}

/**
 * What Traefik checks the certificates of a namespace's Vaults by. It connects to pods by their addresses, and so
 * must be told the name. Source: Traefik, "Kubernetes ServersTransport".
 */
export function serversTransports(
  namespace: string,
  routes: readonly Route[],
  platform: TransportSections,
): Manifest[] {
  const services = routes.flatMap(({ service, paths = [] }) => [
    service,
    ...paths.map((path) => path.service),
  ]);
  const vaults = new Map(
    services.flatMap((service) => {
      const vault = encryptedVault(platform, namespace, service);
      return vault === undefined ? [] : [vault];
    }),
  );
  return [...vaults].map(([name, vault]) =>
    define<ServersTransport>({
      apiVersion: "traefik.io/v1alpha1",
      kind: "ServersTransport",
      metadata: { name: transportName(name), namespace },
      spec: {
        serverName: vaultHost(name, vault),
        rootCAs: hasOwnAuthority(platform, name) ? [{ secret: vaultCaSecret(name) }] : undefined,
      },
    })
  );
}

function encryptedVault(
  platform: TransportSections,
  namespace: string,
  service: string,
): [name: string, vault: ClusterVault] | undefined {
  const name = vaultOfService(platform, namespace, service);
  const vault = platform.vaults[name ?? ""] as ClusterVault | undefined;
  return name === undefined || vault?.tls === undefined ? undefined : [name, vault];
}

function transportName(vault: string): string {
  return `${vault}-https`;
}
