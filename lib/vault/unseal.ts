import type { VaultClient } from "./client.ts";
import { hasProblem, VaultError } from "./errors.ts";
import { type LookOptions, type SealStatus, sealStatusOf } from "./status.ts";

/** Options of giving a share. */
export interface GiveShareOptions extends LookOptions {
  /** The shares change how Vault is unsealed. @default false */
  migrate?: boolean;
}

/**
 * Give a server one share. It says whether the shares are right only when it has as many as it needs.
 * Source: Vault, /sys/unseal.
 *
 * @throws {WrongShares} when this share completed a set that does not open it; the server has then forgotten all of them
 */
export async function giveShare(
  client: VaultClient,
  share: string,
  { migrate = false, ...options }: GiveShareOptions = {},
): Promise<SealStatus> {
  try {
    const body = migrate ? { key: share, migrate } : { key: share };
    return sealStatusOf(await client.request("PUT", "sys/unseal", { body, ...options }));
  } catch (error) {
    if (hasProblem(error, "invalid", "failed", "seal-unavailable") && isWrongShare(error)) {
      throw new WrongShares(client.address, error);
    }
    throw error;
  }
}

/** Forget the shares that a server was given so far. Source: Vault, /sys/unseal, `reset`. */
export async function resetUnseal(
  client: VaultClient,
  options: LookOptions = {},
): Promise<SealStatus> {
  const answer = await client.request("PUT", "sys/unseal", { body: { reset: true }, ...options });
  return sealStatusOf(answer);
}

/** The shares that a server was given do not open it. */
export class WrongShares extends VaultError {
  /** True when one share alone is no share at all; false when all of them together do not fit. */
  readonly malformed: boolean;

  /** Make an error from what the server said. */
  constructor(address: string, cause: VaultError) {
    const malformed = /valid hex or base64|shorter than|longer than|key is/i.test(
      cause.errors.join(),
    );
    super(
      `Cannot unseal the Vault ${address}: ${
        malformed
          ? "what was given is no share of a Vault"
          : "the shares do not fit: one of them is mistyped, or they are another Vault's"
      }`,
      {
        problem: "invalid",
        address,
        status: cause.status,
        errors: cause.errors,
        remedy: malformed
          ? "give the share as Vault printed it, in base64 or hex"
          : "the attempt was reset: give the shares of this very Vault once more; its record says when it was initialised",
        cause,
      },
    );
    this.malformed = malformed;
  }
}

/** Source: vault/core.go, unsealFragment and unsealInternal; shamir/shamir.go, Combine. */
function isWrongShare({ errors }: VaultError): boolean {
  return /message authentication failed|valid hex or base64|invalid key|key is (shorter|longer)|shorter than minimum|duplicate part|same length|failed to (generate|recover|compute)|unseal key|recovery key/i
    .test(errors.join());
}
