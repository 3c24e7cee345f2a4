import { closest } from "../../core/closest.ts";
import { UsageError } from "../../core/errors.ts";
import type { Platform, Vault } from "../../platform/types.ts";

/** A Vault of a platform. */
export interface ChosenVault {
  /** Its name in the platform. */
  name: string;
  /** What the platform says of it. */
  declared: Vault;
}

/**
 * The Vault that is meant: the one that is named, or the only one.
 *
 * @throws {UsageError} when the platform has no such Vault, or several and none is named
 */
export function chooseVault(
  { name: platform, vaults }: Pick<Platform, "name" | "vaults">,
  wanted: string | undefined,
): ChosenVault {
  const names = Object.keys(vaults);
  if (wanted === undefined && names.length === 1) {
    return { name: names[0]!, declared: vaults[names[0]!]! };
  }
  if (names.length === 0) {
    throw new UsageError(`The platform ${platform} has no vaults`, {
      remedy: "declare one under vaults in the platform file, or name another platform",
    });
  }
  if (wanted === undefined) {
    throw new UsageError(`The platform ${platform} has the vaults ${names.join(" and ")}`, {
      remedy: "name one of them with --vault",
    });
  }
  const declared = vaults[wanted];
  if (declared !== undefined) return { name: wanted, declared };
  const guess = closest(wanted, names);
  throw new UsageError(
    `The platform ${platform} has no vault "${wanted}", it has ${names.join(" and ")}`,
    { remedy: guess === undefined ? "name one of them with --vault" : `did you mean ${guess}?` },
  );
}
