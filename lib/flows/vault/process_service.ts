import {
  podPlaces,
  vaultConfig,
  vaultFolders,
  type VaultPlaces,
} from "../../../manifests/components/secrets/vault_config.ts";
import type { SecretRef } from "../../local/services/service.ts";
import type { ClusterVault, Platform, SecretKey } from "../../platform/types.ts";
import {
  isInCluster,
  vaultCaKey,
  vaultCaSecret,
  vaultCertificateNames,
  vaultClusterPort,
  vaultPort,
  vaultServersOf,
} from "../../platform/vaults.ts";
import type { Service } from "../embedded/services.ts";

/** Sections of a platform that decide how the servers of a Vault are run. */
export type VaultSections = Pick<Platform, "vaults" | "certificates" | "issuers">;

/** A server that is to run as a process. */
export interface ServerProcess {
  /** Name of its service. */
  service: string;
  /** Name of the server, as its pod has it. */
  server: string;
  /** Its address on loopback. */
  ip: string;
  /** Folder of its data. */
  dataFolder: string;
}

/** Where a process has what a pod has in volumes: in memory. */
const given = "/run/vault";
const configFile = `${given}/vault.hcl`;

/**
 * The service that runs what the pod of a Vault in the cluster would run; `sealAddress` is where the Vault that unseals
 * it is found, where that is not in the cluster.
 */
export function podService(
  process: ServerProcess,
  name: string,
  vault: ClusterVault,
  platform: VaultSections,
  sealAddress: string | undefined,
): Service {
  const { ip, server } = process;
  const { namespace, tls, seal, development } = vault;
  const secret = (from: SecretKey): SecretRef => ({ namespace, ...from });
  const common = {
    ...base(process),
    account: { namespace, name },
    hosts: hostsOf(name, vault, server, ip),
  };
  if (development !== undefined) {
    return {
      ...common,
      args: ["server", "-dev", "-dev-no-store-token", `-dev-listen-address=${ip}:${vaultPort}`],
      secretEnv: { VAULT_DEV_ROOT_TOKEN_ID: secret(development.rootToken) },
    };
  }
  const places = podPlaces(name, vault, platform);
  const own = vaultServersOf(name, vault).find((each) => each.name === server);
  const config = vaultConfig({
    ...places,
    ...listening(process),
    apiAddress: own?.address,
    clusterApiAddress: `https://${own?.host}:${vaultClusterPort}`,
    tls: places.tls && {
      certFile: moved(places.tls.certFile),
      keyFile: moved(places.tls.keyFile),
      caFile: moved(places.tls.caFile),
    },
    seal: places.seal && {
      ...places.seal,
      caFile: moved(places.seal.caFile),
      address: sealAddress ?? places.seal.address,
    },
    // Simulated pods have no Vault that could mark them.
    registersItself: false,
  });
  const sealer = seal && platform.vaults[seal.vault];
  const needsSealCa = sealer !== undefined && isInCluster(sealer) &&
    places.seal?.caFile.startsWith(`${vaultFolders.seal}/`) === true;
  return {
    ...common,
    args: ["server", `-config=${configFile}`],
    files: { [configFile]: config },
    secretFiles: {
      ...(tls === undefined ? {} : Object.fromEntries(
        ["tls.crt", "tls.key", vaultCaKey]
          .map((key) => [`${given}/tls/${key}`, secret({ secret: tls.secret, key })]),
      )),
      ...(needsSealCa
        ? {
          [`${given}/seal/${vaultCaKey}`]: secret({
            secret: vaultCaSecret(seal!.vault),
            key: vaultCaKey,
          }),
        }
        : {}),
    },
    secretEnv: seal === undefined ? {} : { VAULT_TOKEN: secret(seal.token) },
  };
}

/**
 * The service of a Vault outside of the cluster. There is no Secret to take a certificate from, and on loopback nobody
 * listens in, so it speaks plain HTTP.
 */
export function outsideService(process: ServerProcess): Service {
  const { ip } = process;
  const config = vaultConfig({
    ...listening(process),
    apiAddress: `http://${ip}:${vaultPort}`,
    clusterApiAddress: `https://${ip}:${vaultClusterPort}`,
    servers: [],
  });
  return {
    ...base(process),
    args: ["server", `-config=${configFile}`],
    files: { [configFile]: config },
  };
}

function base({ service, ip }: ServerProcess): Omit<Service, "args"> {
  return {
    name: service,
    program: "vault",
    folder: `volumes/${service}`,
    listensAt: { address: ip, port: vaultPort },
    // Source: Vault's listener documentation: certificates are read again on SIGHUP.
    reload: "SIGHUP",
  };
}

function listening(
  { ip, server, dataFolder }: ServerProcess,
): Pick<VaultPlaces, "address" | "clusterAddress" | "dataFolder" | "nodeId"> {
  return {
    address: `${ip}:${vaultPort}`,
    clusterAddress: `${ip}:${vaultClusterPort}`,
    dataFolder,
    nodeId: server,
  };
}

function moved(path: string): string {
  for (const folder of ["tls", "seal"] as const) {
    const from = `${vaultFolders[folder]}/`;
    if (path.startsWith(from)) return `${given}/${folder}/${path.slice(from.length)}`;
  }
  return path;
}

/** What the cluster's DNS would answer; a Service leads to each of its servers. */
function hostsOf(
  name: string,
  vault: ClusterVault,
  server: string,
  ip: string,
): Record<string, string[]> {
  const others = vaultServersOf(name, vault).filter((each) => each.name !== server)
    .map(({ host }) => host);
  const names = vaultCertificateNames(name, vault)
    .filter((each) => each.includes(".") && each !== "127.0.0.1" && !others.includes(each));
  return Object.fromEntries(names.map((each) => [each, [ip]]));
}
