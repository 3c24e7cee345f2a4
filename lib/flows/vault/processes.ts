import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { Vault } from "../../platform/types.ts";
import { isInCluster, vaultPort, vaultPortName, vaultServersOf } from "../../platform/vaults.ts";
import { restartService, runService, serviceSite } from "../embedded/services.ts";
import { outsideService, podService, type VaultSections } from "./process_service.ts";

/** A server of a Vault that runs as a process beside an embedded cluster, or is to run so. */
export interface VaultProcess {
  /** Name of the server, such as `vault-0`, as its pod has it. */
  name: string;
  /** Its address on loopback: its certificate must be valid for it, since nothing outside finds it by a name. */
  ip: string;
  /** URL of its API, by that address. */
  address: string;
  /** Name of its service. */
  service: string;
  /** Folder of its data. */
  dataFolder: string;
}

/** The servers of a Vault of an embedded cluster, whether they run or not; the single one of a Vault outside of it. */
export async function vaultProcesses(
  cluster: string,
  platform: VaultSections,
  name: string,
  context: Context,
): Promise<VaultProcess[]> {
  const vault = vaultNamed(platform, name);
  const outside = !isInCluster(vault);
  const scheme = outside ? "http" : vaultPortName(vault);
  return await Promise.all(
    serverNames(name, vault).map(async (server) => {
      const service = serviceName(server, vault);
      const { address: ip, folder } = await serviceSite(cluster, service, context, { outside });
      return {
        name: server,
        ip,
        address: `${scheme}://${ip}:${vaultPort}`,
        service,
        dataFolder: `${folder}/volumes/${service}`,
      };
    }),
  );
}

/**
 * Start the servers of a Vault as processes; those that run as they should are left alone. Their data is below the
 * cluster's folder; that of a Vault outside of the cluster stays when the cluster goes. A server that is started is
 * sealed, unless another Vault unseals it.
 *
 * @throws {SlipwayError} when its service account or a Secret is missing, or a server ends by itself
 */
export async function startVaultServers(
  cluster: string,
  platform: VaultSections,
  name: string,
  context: Context,
): Promise<VaultProcess[]> {
  const vault = vaultNamed(platform, name);
  const outside = !isInCluster(vault);
  const sealAddress = outside
    ? undefined
    : await outsideAddress(cluster, platform, vault.seal?.vault, context);
  const servers = await vaultProcesses(cluster, platform, name, context);
  for (const { name: server, ip, service, dataFolder } of servers) {
    const process = { service, server, ip, dataFolder };
    await runService(
      cluster,
      outside ? outsideService(process) : podService(process, name, vault, platform, sealAddress),
      context,
      { outside },
    );
  }
  return servers;
}

/**
 * End a server in order and start it anew; `wipe` throws its data away before.
 *
 * @throws {SlipwayError} when it was never started
 */
export async function restartVaultServer(
  cluster: string,
  platform: VaultSections,
  { vault: name, server, wipe }: { vault: string; server: string; wipe?: boolean },
  context: Context,
): Promise<void> {
  const vault = vaultNamed(platform, name);
  const outside = !isInCluster(vault);
  await restartService(cluster, serviceName(server, vault), context, { outside, wipe });
}

/** A Vault outside of the cluster is found at its process here, not where the platform has it elsewhere. */
async function outsideAddress(
  cluster: string,
  platform: VaultSections,
  name: string | undefined,
  context: Context,
): Promise<string | undefined> {
  if (name === undefined || isInCluster(vaultNamed(platform, name))) return undefined;
  const [server] = await vaultProcesses(cluster, platform, name, context);
  return server?.address;
}

function serverNames(name: string, vault: Vault): string[] {
  return isInCluster(vault) ? vaultServersOf(name, vault).map((server) => server.name) : [name];
}

/** Environments of one platform share a cluster, and have Vaults of one name in namespaces of their own. */
function serviceName(server: string, vault: Vault): string {
  return isInCluster(vault) ? `${server}.${vault.namespace}` : server;
}

function vaultNamed(platform: VaultSections, name: string): Vault {
  const vault = platform.vaults[name];
  if (vault !== undefined) return vault;
  throw new SlipwayError(`Cannot find the Vault ${name}: the platform has none of this name`);
}
