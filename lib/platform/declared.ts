import { workloadsOf } from "./apps/parts.ts";
import { chartServices } from "./chart_parts.ts";
import { dataSecrets, dataServices } from "./data_declared.ts";
import { oauth2ProxyPorts, oauth2ProxyServicePort } from "./oauth2_proxy.ts";
import { certificatesOf } from "./routes.ts";
import { monitoringParts } from "./monitoring.ts";
import type { DataSections, Platform } from "./types.ts";
import type { VaultClientSections } from "./vault_clients.ts";
import { vaultSecrets } from "./vault_secrets.ts";
import { clusterVaults, vaultPort } from "./vaults.ts";
import { servicesOf } from "./workloads.ts";

/** A Secret that a controller, or `install-vault`, will make, and its keys. */
export interface DeclaredSecret {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Type of the Secret, such as `Opaque` or `kubernetes.io/tls`. Source: k8s.io/api, core/v1 SecretType. */
  type: string;
  /** Keys that it will have. */
  keys: readonly string[];
  /** Kind of the object that it is made of, such as `ExternalSecret` or `Certificate`; or the task that makes it. */
  madeBy: string;
  /** Where the platform declares that object. */
  path: readonly string[];
  /** Names that a certificate in it is valid for. */
  hosts?: readonly string[];
}

/** Secrets that controllers will make from what a platform declares. */
export function declaredSecrets(
  platform:
    & Pick<
      Platform,
      "externalSecrets" | "sealedSecrets" | "certificates" | "tenants" | "issuers" | "postgres"
    >
    & VaultClientSections,
): DeclaredSecret[] {
  const isPublic = (issuer: string) => platform.issuers[issuer]?.server !== undefined;
  const ofControllers: DeclaredSecret[] = [
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
    ...Object.entries(certificatesOf(platform)).map(([name, certificate]): DeclaredSecret => ({
      namespace: certificate.namespace,
      name,
      type: "kubernetes.io/tls",
      // Authorities of one's own come along, so that clients can tell their servers.
      keys: ["tls.crt", "tls.key", ...(isPublic(certificate.issuer) ? [] : ["ca.crt"])],
      madeBy: "Certificate",
      path: name in platform.certificates ? ["certificates", name] : ["tenants"],
      hosts: certificate.hosts,
    })),
    ...dataSecrets(platform),
  ];
  const names = ofControllers.map(({ namespace, name }) => `${namespace}/${name}`);
  return [...ofControllers, ...vaultSecrets(platform, new Set(names))];
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

/** Services that a platform declares: those of workloads, vaults, and external ones. */
export function declaredServices(
  platform:
    & Pick<
      Platform,
      | "workloads"
      | "identityProviders"
      | "mail"
      | "vaults"
      | "externalServices"
      | "oauth2Proxies"
      | "monitoring"
      | "charts"
    >
    & DataSections,
): DeclaredService[] {
  return [
    ...Object.entries(workloadsOf(platform)).flatMap(([workload, options]) =>
      servicesOf(workload, options).map(([name, { ports }]) => ({
        namespace: options.namespace,
        name,
        ports: Object.values(ports),
      }))
    ),
    ...clusterVaults(platform).flatMap(([vault, { namespace, storage }]) =>
      [vault, ...(storage === undefined ? [] : [`${vault}-active`])].map((name) => ({
        namespace,
        name,
        ports: [vaultPort],
      }))
    ),
    ...Object.entries(platform.oauth2Proxies).map(([name, { namespace }]) => ({
      namespace,
      name,
      ports: [oauth2ProxyServicePort, oauth2ProxyPorts.metrics],
    })),
    ...Object.entries(platform.externalServices).map(([name, { namespace, ports }]) => ({
      namespace,
      name,
      ports: Object.values(ports),
    })),
    ...monitoringParts(platform.monitoring)
      .map(({ name, namespace, servicePorts }) => ({
        namespace,
        name,
        ports: Object.values(servicePorts),
      }))
      .filter(({ ports }) => ports.length > 0),
    ...dataServices(platform),
    ...chartServices(platform),
  ];
}
