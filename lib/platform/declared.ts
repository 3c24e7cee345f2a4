import type { Platform } from "./types.ts";
import { servicesOf } from "./workloads.ts";

/** A Secret that a controller will make, and its keys. */
export interface DeclaredSecret {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Type of the Secret, such as `Opaque` or `kubernetes.io/tls`. Source: k8s.io/api, core/v1 SecretType. */
  type: string;
  /** Keys that it will have. */
  keys: readonly string[];
  /** Kind of the object that it is made of, such as `ExternalSecret` or `Certificate`. */
  madeBy: string;
  /** Where the platform declares that object. */
  path: readonly string[];
  /** Names that a certificate in it is valid for. */
  hosts?: readonly string[];
}

/** Secrets that controllers will make from what a platform declares. */
export function declaredSecrets(
  platform: Pick<Platform, "externalSecrets" | "sealedSecrets" | "certificates">,
): DeclaredSecret[] {
  return [
    ...Object.entries(platform.externalSecrets).map(([name, secret]): DeclaredSecret => ({
      namespace: secret.namespace,
      name,
      type: secret.pullSecret === undefined
        ? secret.type ?? "Opaque"
        : "kubernetes.io/dockerconfigjson",
      keys: secret.keys ?? Object.keys(secret.keysFrom ?? { ".dockerconfigjson": undefined }),
      madeBy: "ExternalSecret",
      path: ["externalSecrets", name],
    })),
    ...Object.entries(platform.sealedSecrets).map(([name, secret]): DeclaredSecret => ({
      namespace: secret.namespace,
      name,
      type: secret.type,
      keys: secret.keys,
      madeBy: "SealedSecret",
      path: ["sealedSecrets", name],
    })),
    ...Object.entries(platform.certificates).map(([name, certificate]): DeclaredSecret => ({
      namespace: certificate.namespace,
      name,
      type: "kubernetes.io/tls",
      keys: ["tls.crt", "tls.key"],
      madeBy: "Certificate",
      path: ["certificates", name],
      hosts: certificate.hosts,
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
    ...Object.entries(platform.workloads).flatMap(([workload, options]) =>
      servicesOf(workload, options).map(([name, { ports }]) => ({
        namespace: options.namespace,
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
