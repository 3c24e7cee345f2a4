import type { ClusterVault } from "../../../lib/platform/types.ts";
import { hasOwnAuthority } from "../../../lib/platform/vault_clients.ts";
import {
  vaultAddress,
  vaultCaKey,
  vaultClusterPort,
  vaultPort,
  vaultServersOf,
} from "../../../lib/platform/vaults.ts";

/** Where a server of a Vault finds what it needs, and others find it: as a pod, or as a process of its own. */
export interface VaultPlaces {
  /** Address and port of the API, such as `[::]:8200`. */
  address: string;
  /** Address and port for the other servers, such as `[::]:8201`. */
  clusterAddress: string;
  /** Folder of its data, absolute. */
  dataFolder: string;
  /** Name of the server in Raft. @default by the variable VAULT_RAFT_NODE_ID */
  nodeId?: string;
  /** URL at which other servers and clients reach this one. @default by the variable VAULT_API_ADDR */
  apiAddress?: string;
  /** URL at which the other servers reach its cluster port. @default by the variable VAULT_CLUSTER_ADDR */
  clusterApiAddress?: string;
  /** Files of its certificate, absolute. @default none, and plain HTTP */
  tls?: VaultTlsFiles;
  /** URLs of all servers, which a new one joins; nobody is joined when there is one only. */
  servers: readonly string[];
  /** Who unseals it. @default unsealed by hand */
  seal?: VaultSealPlace;
  /** Mark its pod with what it is, by which the Service of the active server finds it. @default false */
  registersItself?: boolean;
}

/** Files of a certificate, in PEM. */
export interface VaultTlsFiles {
  /** The certificate, with those between it and its authority. */
  certFile: string;
  /** Its key. */
  keyFile: string;
  /** The authority. */
  caFile: string;
}

/** The Vault that unseals another one. */
export interface VaultSealPlace {
  /** Its URL. */
  address: string;
  /** File with the authority of its certificate, absolute; of all public ones, where it has one of these. */
  caFile: string;
  /** Mount path of its Transit engine. */
  mountPath: string;
  /** Name of the key there. */
  key: string;
}

/** Where a pod has what Vault needs. */
export const vaultFolders = {
  config: "/vault/config",
  data: "/vault/data",
  tls: "/vault/tls",
  seal: "/vault/seal",
} as const;

/** Authorities that the image trusts. Source: Alpine's package ca-certificates. */
const publicAuthorities = "/etc/ssl/certs/ca-certificates.crt";

/** The places of a pod; `vaults` are all of the platform, among which is the one that unseals this one. */
export function podPlaces(
  name: string,
  vault: ClusterVault,
  platform: Parameters<typeof hasOwnAuthority>[0],
): VaultPlaces {
  const sealer = platform.vaults[vault.seal?.vault ?? ""];
  return {
    address: `[::]:${vaultPort}`,
    clusterAddress: `[::]:${vaultClusterPort}`,
    dataFolder: vaultFolders.data,
    tls: vault.tls && {
      certFile: `${vaultFolders.tls}/tls.crt`,
      keyFile: `${vaultFolders.tls}/tls.key`,
      caFile: `${vaultFolders.tls}/${vaultCaKey}`,
    },
    servers: vaultServersOf(name, vault).map(({ address }) => address),
    seal: vault.seal && sealer && {
      address: vaultAddress(vault.seal.vault, sealer),
      caFile: hasOwnAuthority(platform, vault.seal.vault)
        ? `${vaultFolders.seal}/${vaultCaKey}`
        : publicAuthorities,
      mountPath: vault.seal.mountPath,
      key: vault.seal.key,
    },
    registersItself: true,
  };
}

/**
 * Configuration of a server with Raft storage. Names, URLs and the token for the seal come by the environment where
 * `places` have none. Source: Vault's configuration reference, "listener.tcp", "storage.raft", "seal.transit" and
 * "service_registration".
 */
export function vaultConfig(places: VaultPlaces): string {
  const { address, clusterAddress, tls, seal, servers, registersItself } = places;
  return [
    ...setting("ui", true),
    // Locking memory needs the IPC_LOCK capability, which the restricted level does not give; swap is off on nodes.
    ...setting("disable_mlock", true),
    ...setting("api_addr", places.apiAddress),
    ...setting("cluster_addr", places.clusterApiAddress),
    "",
    ...block('listener "tcp"', [
      ...setting("address", address),
      ...setting("cluster_address", clusterAddress),
      ...(tls === undefined ? setting("tls_disable", true) : [
        ...setting("tls_cert_file", tls.certFile),
        ...setting("tls_key_file", tls.keyFile),
        ...setting("tls_min_version", "tls12"),
      ]),
    ]),
    ...block('storage "raft"', [
      ...setting("path", places.dataFolder),
      ...setting("node_id", places.nodeId),
      // What Vault's documentation advises for production: its default waits five times as long for a leader.
      ...setting("performance_multiplier", 1),
      ...(servers.length < 2 ? [] : servers.flatMap((server) =>
        block("retry_join", [
          ...setting("leader_api_addr", server),
          ...setting("leader_ca_cert_file", tls?.caFile),
        ])
      )),
    ]),
    ...(seal === undefined ? [] : block('seal "transit"', [
      ...setting("address", seal.address),
      ...setting("mount_path", seal.mountPath),
      ...setting("key_name", seal.key),
      // Named always: the variable VAULT_CACERT, which is for this Vault's own authority, would hold here too.
      ...(seal.address.startsWith("https:") ? setting("tls_ca_cert", seal.caFile) : []),
    ])),
    ...(registersItself === true ? block('service_registration "kubernetes"', []) : []),
  ].join("\n").trimEnd() + "\n";
}

function setting(name: string, value: string | number | boolean | undefined): string[] {
  return value === undefined ? [] : [`${name} = ${JSON.stringify(value)}`];
}

/** A block of HCL and an empty line; what is in it is indented. */
function block(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`${heading} {}`, ""];
  return [`${heading} {`, ...lines.map((line) => line === "" ? line : `  ${line}`), "}", ""];
}
