import { UsageError } from "../../core/errors.ts";
import { exampleHolders } from "../../platform/example_holders.ts";
import type { Platform } from "../../platform/types.ts";

/**
 * Refuse to give a Vault's keys to holders of the examples, whose identities everybody can read.
 *
 * @throws {UsageError} when one of its holders is one of them
 */
export function refuseExampleHolders(
  platform: Pick<Platform, "vaults" | "backups" | "sealing">,
  vault: string,
): void {
  const found = exampleHolders(platform).filter(({ path }) =>
    path[0] === "vaults" && path[1] === vault
  );
  if (found.length === 0) return;
  throw new UsageError(
    `Cannot initialise the Vault ${vault}: ${
      found.map(({ name }) => name).join(", ")
    } would get shares by an example's identity, which everybody can read`,
    {
      remedy: "make identities with `age-keygen`, and put their recipients into " +
        `vaults.${vault}.initialize.holders`,
    },
  );
}
