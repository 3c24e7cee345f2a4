import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { VaultBackupSeal } from "../../vault/snapshot/details.ts";
import type { OpenVault } from "./open.ts";
import { type KeysRequest, openKeys } from "./open_keys.ts";
import { namesShares, type ShareRequest, sharesFor } from "./shares.ts";

/** By what the restored Vault is unsealed, as the command line says. */
export interface GatherRequest {
  /** Where shares come from. */
  request: ShareRequest & KeysRequest;
  /** A token of the Vault that was backed up. */
  token?: string;
}

/**
 * As many shares of the Vault that was backed up as unseal it, before anything is lost; undefined where it unseals
 * itself, and a token can prove what it holds.
 *
 * @throws {SlipwayError} when there are fewer
 */
export async function gatherShares(
  open: OpenVault,
  { type, threshold }: VaultBackupSeal,
  { request, token }: GatherRequest,
  context: Context,
): Promise<string[] | undefined> {
  if (type !== "shamir" && token !== undefined) return undefined;
  const keys = async () =>
    open.declared.initialize === undefined ? undefined : await openKeys(open, request, context);
  const found: string[] = [];
  // Identities that only decrypt the backup leave shares to be asked for.
  const tries: ShareRequest[] = [request, { shareFile: [], identity: [] }];
  for (const each of namesShares(request) ? tries : tries.slice(1)) {
    for await (const { share } of sharesFor(each, { name: open.name, threshold, keys }, context)) {
      if (!found.includes(share)) found.push(share);
      if (found.length === threshold) return found;
    }
  }
  throw new SlipwayError(
    `Cannot restore the Vault ${open.name}: ${found.length} of the ${threshold} shares that unseal it are there`,
    { remedy: "give those of more holders, with --identity or --share-file" },
  );
}
