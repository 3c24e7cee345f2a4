import type { Platform } from "./types.ts";

/** A Secret that something will make, and its keys. */
export interface DeclaredSecret {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Type of the Secret. Source: k8s.io/api, core/v1 SecretType. */
  type: "Opaque" | "kubernetes.io/dockerconfigjson" | "kubernetes.io/tls";
  /** Keys that it will have. */
  keys: readonly string[];
  /** What makes it: an ExternalSecret, or a Certificate. */
  madeBy: "ExternalSecret" | "Certificate";
}

/** Secrets that controllers will make from what a platform declares. */
export function declaredSecrets(
  platform: Pick<Platform, "externalSecrets" | "certificates">,
): DeclaredSecret[] {
  return [
    ...Object.entries(platform.externalSecrets).map(([name, secret]): DeclaredSecret => ({
      namespace: secret.namespace,
      name,
      type: secret.pullSecret === undefined ? "Opaque" : "kubernetes.io/dockerconfigjson",
      keys: secret.keys ?? [".dockerconfigjson"],
      madeBy: "ExternalSecret",
    })),
    ...Object.entries(platform.certificates).map(([name, certificate]): DeclaredSecret => ({
      namespace: certificate.namespace,
      name,
      type: "kubernetes.io/tls",
      keys: ["tls.crt", "tls.key"],
      madeBy: "Certificate",
    })),
  ];
}

/** A Service that a platform declares, with its ports. */
export interface DeclaredService {
  /** Namespace of the Service. */
  namespace: string;
  /** Name of the Service. */
  name: string;
  /** Port numbers. */
  ports: readonly number[];
}

/** Port on which Vault answers. Source: Vault's listener documentation. */
export const vaultPort = 8200;

/** Services that a platform declares: those of workloads, vaults, and external ones. */
export function declaredServices(
  platform: Pick<Platform, "workloads" | "vaults" | "externalServices">,
): DeclaredService[] {
  return [
    ...Object.values(platform.workloads).flatMap(({ namespace, services }) =>
      Object.entries(services).map(([name, { ports }]) => ({
        namespace,
        name,
        ports: Object.values(ports),
      }))
    ),
    ...Object.entries(platform.vaults).map(([name, { namespace }]) => ({
      namespace,
      name,
      ports: [vaultPort],
    })),
    ...Object.entries(platform.externalServices).map(([name, { namespace, ports }]) => ({
      namespace,
      name,
      ports: Object.values(ports),
    })),
  ];
}
