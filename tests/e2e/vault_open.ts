import type { Context } from "../../lib/core/context.ts";
import { chooseVault } from "../../lib/flows/vault/choose.ts";
import { bestOf, type OpenVault } from "../../lib/flows/vault/open.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { lookAtAll } from "../../lib/vault/status.ts";
import type { VaultProcess } from "./vault_process.ts";

/** Open the Vault of a platform whose servers are processes of a test, which can be restarted and emptied. */
export async function openProcesses(
  processes: readonly VaultProcess[],
  platformFile: string,
  context: Context,
): Promise<OpenVault> {
  const { platform } = await renderPlatform({ platform: platformFile }, context);
  const servers = processes.map(({ name, client }) => ({ name, client }));
  const processOf = (server: string) => processes.find(({ name }) => name === server)!;
  let { client } = servers[0]!;
  return {
    ...chooseVault(platform, undefined),
    platform,
    servers,
    hosting: {
      servers,
      caCert: processes[0]!.caCert,
      restart: (server) => processOf(server).restart(),
      async wipe(server) {
        const process = processOf(server);
        await process.stop();
        await process.wipe();
        await process.restart();
      },
      close: () => {},
    },
    get client() {
      return client;
    },
    async look(context) {
      const states = await lookAtAll(servers, context);
      client = servers[bestOf(states)]!.client;
      return states;
    },
    cluster: () => Promise.reject(new Error("there is no cluster in this test")),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
