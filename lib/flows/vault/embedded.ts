import type { Context } from "../../core/context.ts";
import type { Platform } from "../../platform/types.ts";
import { hasOwnAuthority } from "../../platform/vault_clients.ts";
import { isInCluster, vaultCaKey } from "../../platform/vaults.ts";
import { createVaultClient } from "../../vault/http.ts";
import type { Session } from "../session.ts";
import type { VaultHosting } from "./hosting.ts";
import { readOwnSecret } from "./own_secret.ts";
import { restartVaultServer, vaultProcesses } from "./processes.ts";

/** The servers of a Vault as processes beside an embedded cluster, whether they run or not. */
export async function embeddedHosting(
  session: Session,
  name: string,
  platform: Platform,
  context: Context,
): Promise<VaultHosting> {
  const vault = platform.vaults[name]!;
  const secret = isInCluster(vault) && hasOwnAuthority(platform, name) ? vault.tls : undefined;
  const values = secret === undefined || !isInCluster(vault) ? undefined : await readOwnSecret(
    session.client,
    { namespace: vault.namespace, name: secret.secret },
    context,
  );
  const caCert = values?.[vaultCaKey];
  const { redactor } = context;
  const processes = await vaultProcesses(session.name, platform, name, context);
  const servers = processes.map(({ name, address }) => ({
    name,
    client: createVaultClient({
      address,
      caCerts: caCert === undefined ? [] : [caCert],
      redactor,
    }),
  }));
  return {
    servers,
    caCert,
    restart: (server, held) =>
      restartVaultServer(session.name, platform, { vault: name, server }, held),
    wipe: (server, held) =>
      restartVaultServer(session.name, platform, { vault: name, server, wipe: true }, held),
    close() {
      for (const { client } of servers) client.close();
    },
  };
}
