import { workloadsOf } from "./apps/parts.ts";
import { clusterJobs } from "./backups.ts";
import { certManagerNamespace } from "./cert_manager.ts";
import { withOneSource } from "./secret_source.ts";
import type { Platform, VaultAgent } from "./types.ts";
import { clusterVaults, isInCluster, vaultAddress, vaultAt, vaultOfService } from "./vaults.ts";

/** Someone who asks a Vault, and where the platform says so. */
export interface VaultClientOf {
  /** The Vault, by name; undefined where it is none of the platform's. */
  vault?: string;
  /** URL at which it is asked. */
  address: string;
  /** Namespace in which the client finds the authority's certificate. */
  namespace: string;
  /** It says by itself which authority it trusts. */
  knowsAuthority: boolean;
  /** Path of the URL in the platform; of the client, where the URL follows from others. */
  path: readonly string[];
}

/** What says who asks a Vault. */
export type VaultClientSections = Pick<
  Platform,
  | "vaults"
  | "secretStores"
  | "issuers"
  | "workloads"
  | "cronJobs"
  | "identityProviders"
  | "mail"
  | "postgres"
  | "charts"
  | "routes"
  | "backups"
>;

/** All who ask a Vault: secret stores, issuers, agents, Vaults that another one unseals, routes and backups. */
export function vaultClientsOf(platform: VaultClientSections): VaultClientOf[] {
  const { vaults } = platform;
  const found = (client: Omit<VaultClientOf, "vault">): VaultClientOf => {
    const vault = vaultAt(platform, client.address);
    return vault === undefined ? client : { vault, ...client };
  };
  const byName = (vault: string, namespace: string, path: readonly string[]): VaultClientOf[] =>
    vaults[vault] === undefined ? [] : [{
      vault,
      address: vaultAddress(vault, vaults[vault]),
      namespace,
      knowsAuthority: false,
      path,
    }];
  return [
    ...Object.entries(platform.secretStores).flatMap(([name, store]) => {
      const { vault, namespace } = withOneSource(store);
      return vault === undefined ? [] : [found({
        address: vault.server,
        namespace,
        knowsAuthority: vault.caSecret !== undefined,
        path: ["secretStores", name, "vault", "server"],
      })];
    }),
    ...Object.entries(platform.issuers).flatMap(([name, { vault, namespace }]) =>
      vault === undefined ? [] : [found({
        address: vault.server,
        namespace: namespace ?? certManagerNamespace(platform),
        knowsAuthority: vault.caSecret !== undefined,
        path: ["issuers", name, "vault", "server"],
      })]
    ),
    ...vaultAgentsOf(platform).flatMap(({ agent, namespace, path }) => {
      const address = agentAddress(agent, platform);
      const knowsAuthority = agent.caSecret !== undefined;
      return address === undefined ? [] : [found({ address, namespace, knowsAuthority, path })];
    }),
    ...clusterVaults(platform).flatMap(([name, { seal, namespace }]) =>
      seal === undefined ? [] : byName(seal.vault, namespace, ["vaults", name, "seal", "vault"])
    ),
    ...Object.entries(platform.routes).flatMap(([name, { service, namespace }]) => {
      const vault = vaultOfService(platform, namespace, service);
      return vault === undefined ? [] : byName(vault, namespace, ["routes", name, "service"]);
    }),
    ...Object.entries(clusterJobs(platform.backups)).flatMap(([name, { covers = [], namespace }]) =>
      covers.filter((subject) => subject.startsWith("vaults/")).flatMap((subject) =>
        byName(subject.slice("vaults/".length), namespace, ["backups", "jobs", name, "covers"])
      )
    ),
  ];
}

/** A Vault Agent that a platform declares. */
export interface DeclaredAgent {
  /** What it renders, and how it logs in. */
  agent: VaultAgent;
  /** Namespace of its pods. */
  namespace: string;
  /** Where it is declared. */
  path: readonly string[];
}

/** All Vault Agents of a platform. */
export function vaultAgentsOf(
  platform: Pick<
    Platform,
    "workloads" | "cronJobs" | "identityProviders" | "mail" | "postgres"
  >,
): DeclaredAgent[] {
  return [
    ...Object.entries(workloadsOf(platform)).map(([name, { vaultAgent, namespace }]) => ({
      agent: vaultAgent,
      namespace,
      path: ["workloads", name, "vaultAgent"],
    })),
    ...Object.entries(platform.cronJobs).map(([name, { vaultAgent, namespace }]) => ({
      agent: vaultAgent,
      namespace,
      path: ["cronJobs", name, "vaultAgent"],
    })),
    ...Object.entries(platform.postgres).map(([name, options]) => ({
      agent: options.kind === "statefulset" ? options.tls?.vaultAgent : undefined,
      namespace: options.namespace,
      path: ["postgres", name, "tls", "vaultAgent"],
    })),
  ].flatMap(({ agent, ...rest }) => agent === undefined ? [] : [{ agent, ...rest }]);
}

/** URL that an agent asks: its own, or else that of the injector; undefined where neither says. */
export function agentAddress(
  { address }: Pick<VaultAgent, "address">,
  { charts }: Pick<Platform, "charts">,
): string | undefined {
  return address ?? charts["vault-injector"]?.values.address;
}

/** Whether clients need a Vault's own authority to tell its certificate: not over plain HTTP, nor with a public one. */
export function hasOwnAuthority(
  platform: Pick<Platform, "vaults" | "certificates" | "issuers">,
  name: string,
): boolean {
  const vault = platform.vaults[name];
  if (vault === undefined) return false;
  if (!isInCluster(vault)) return vault.outside.caCert !== undefined;
  if (vault.tls === undefined) return false;
  const issuer = platform.certificates[vault.tls.secret]?.issuer;
  return issuer === undefined || platform.issuers[issuer]?.server === undefined;
}

/** Namespaces in which a Vault's clients look for its authority. */
export function vaultCaNamespaces(
  platform: VaultClientSections & Pick<Platform, "certificates">,
  name: string,
): string[] {
  if (!hasOwnAuthority(platform, name)) return [];
  const clients = vaultClientsOf(platform).filter(({ vault, knowsAuthority }) =>
    vault === name && !knowsAuthority
  );
  return [...new Set(clients.map(({ namespace }) => namespace))].toSorted();
}
