import type { Context } from "../../core/context.ts";
import { lookAt, type VaultServer } from "../../vault/status.ts";
import type { KeyStore } from "./keys.ts";
import type { OpenVault } from "./open.ts";
import { rollingRestart } from "./rolling.ts";
import { namesShares } from "./shares.ts";
import {
  collectShares,
  givenToken,
  type TokenRequest,
  withRootToken,
  withVaultToken,
} from "./token.ts";
import { unsealServers, untilSeal, untilUnsealed } from "./unseal_servers.ts";

/** How long a server may take to unseal itself, in milliseconds. */
const byItselfMs = 60_000;

/**
 * Restart the servers of a Vault one after the other. Where people unseal it, the shares are asked for before the first
 * is restarted, and used for each.
 */
export async function restartServers(
  open: OpenVault,
  store: KeyStore,
  request: TokenRequest,
  context: Context,
): Promise<void> {
  const { seal } = await lookAt(open.servers[0]!, context);
  const bySharesOnly = seal?.type === "shamir";
  const shares = bySharesOnly || (namesShares(request) || store.plain)
    ? await collectShares(open, request, context)
    : [];
  const unseal = async (server: VaultServer): Promise<void> => {
    const { sealed } = await untilSeal(
      server,
      byItselfMs,
      ({ initialized }) => initialized,
      "see its log",
      context,
    );
    if (!sealed) return;
    if (!bySharesOnly) return await untilUnsealed(server, byItselfMs, context);
    await unsealServers([server], memory(shares), { progress: () => {} }, context);
  };
  const { name, hosting } = open;
  const roll = (client: Parameters<typeof rollingRestart>[0]["client"]) =>
    rollingRestart({ name, hosting, client, unseal }, context);
  if (shares.length > 0 && await givenToken(request, context) === undefined) {
    await withRootToken(open, shares, context, roll);
  } else {
    await withVaultToken(open, request, context, roll);
  }
}

async function* memory(shares: readonly string[]) {
  for (const share of shares) {
    yield await Promise.resolve({ share, from: "the shares of this run" });
  }
}
