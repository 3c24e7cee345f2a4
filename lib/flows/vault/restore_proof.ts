import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { readCanary } from "../../vault/canary.ts";
import type { VaultClient } from "../../vault/client.ts";
import type { VaultBackupDetails } from "../../vault/snapshot/details.ts";
import { tokenIsValid } from "../../vault/root.ts";
import { sealStatus } from "../../vault/status.ts";
import type { OpenVault } from "./open.ts";
import { withRootToken } from "./token.ts";

/** By what a restored Vault is asked. */
export interface ProofMeans {
  /** As many of its shares as make a root token. */
  shares: () => Promise<readonly string[]>;
  /** A token of it. */
  token?: string;
  /** Where it is kept how far the restore came, for the remedy. */
  stateFile: string;
}

/**
 * Show that a Vault holds what was backed up: its canary is the one that the record tells of; without one, its cluster
 * id is. Returns what showed it.
 *
 * @throws {SlipwayError} when it holds something else
 */
export async function proveRestored(
  open: OpenVault,
  { canary, clusterId }: VaultBackupDetails,
  { shares, token, stateFile }: ProofMeans,
  context: Context,
): Promise<string> {
  const wrong = (because: string) =>
    new SlipwayError(`The Vault ${open.name} does not hold this backup: ${because}`, {
      remedy:
        `if it was changed since an earlier restore, remove ${stateFile} from the store, and run the same command again`,
    });
  return await step(context, `Prove what ${open.name} holds`, async () => {
    if (canary === undefined) {
      const found = (await sealStatus(open.client, context)).clusterId;
      if (found === clusterId) return `its cluster id is ${found}, as in the record`;
      throw wrong(`its cluster id is ${found}, wanted ${clusterId}`);
    }
    const read = (client: VaultClient) => readCanary(client, canary, { signal: context.signal });
    const given = token === undefined ? undefined : open.client.withToken(token);
    // A token that was valid before the restore need not be one of what came back.
    const sha256 = given !== undefined && await tokenIsValid(given, context)
      ? await read(given)
      : await withRootToken(open, await shares(), context, read);
    if (sha256 === canary.sha256) return `the canary at ${canary.mount}/${canary.path} was read`;
    throw wrong(
      sha256 === undefined
        ? `it has no canary at ${canary.mount}/${canary.path}`
        : `its canary's SHA-256 is ${sha256}, wanted ${canary.sha256}`,
    );
  }, (proof) => proof);
}
