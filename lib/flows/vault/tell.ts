import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { clusterFolder, localFolders } from "../../local/paths.ts";
import { keptServices } from "../../local/services/kept.ts";
import type { Platform } from "../../platform/types.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { Session } from "../session.ts";
import { openVault, type VaultRequest } from "./open.ts";
import { sealerOf, whatIsWrong } from "./status.ts";

/**
 * Tell which of a platform's Vaults do not work, such as those that are sealed; false when there is one. On the embedded
 * cluster only those count that were installed there: elsewhere their Secrets are placeholders.
 */
export async function tellVaults(
  platform: Platform,
  session: Session,
  request: VaultRequest,
  context: Context,
): Promise<boolean> {
  // The state of a platform is asked for, whatever Vault the environment speaks of.
  const env = (name: string) => name.startsWith("VAULT_") ? undefined : context.env(name);
  let healthy = true;
  for (const [name, vault] of Object.entries(platform.vaults)) {
    if (isInCluster(vault) && vault.development !== undefined) continue;
    if (session.embedded && !await runsBeside(session.name, platform, name, context)) continue;
    const wrong = await lookInto(name, session, request, { ...context, env });
    if (wrong === undefined) continue;
    healthy = false;
    context.emit({ type: "note", level: "warning", ...wrong });
  }
  return healthy;
}

async function lookInto(
  name: string,
  session: Session,
  request: VaultRequest,
  context: Context,
): Promise<{ message: string; remedy?: string } | undefined> {
  try {
    await using open = await openVault({ ...request, vault: name }, context, { session });
    return whatIsWrong(name, await open.look(context), sealerOf(open.declared));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof SlipwayError)) throw error;
    return { message: messageOf(error), remedy: error.remedy };
  }
}

async function runsBeside(
  cluster: string,
  platform: Platform,
  name: string,
  { env }: Pick<Context, "env">,
): Promise<boolean> {
  const vault = platform.vaults[name]!;
  if (!isInCluster(vault)) return false;
  const folder = clusterFolder(localFolders(env).stateDir, cluster);
  const kept = await keptServices(folder);
  return kept.some((service) => service.name === `${name}-0.${vault.namespace}`);
}
