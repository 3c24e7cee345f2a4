import type { Mistake } from "../mistake.ts";
import type { Platform, VaultInitialize } from "../types.ts";
import { isInCluster, vaultShares } from "../vaults.ts";

/** How a Vault is initialised must be something that Vault does, and that people can live with. */
export function checkVaultInitialize({ vaults }: Platform): Mistake[] {
  return Object.entries(vaults).flatMap(([name, vault]) => {
    const { initialize } = vault;
    if (initialize === undefined) return [];
    const path = ["vaults", name, "initialize"];
    if (isInCluster(vault) && vault.development !== undefined) {
      return [{
        path,
        message: "expected none beside development, which initialises itself",
        atKey: true,
      }];
    }
    return [...checkNumbers(path, initialize), ...checkHolders(path, initialize)];
  });
}

/** Source: Vault, /sys/init: a threshold of one with several shares is refused. */
function checkNumbers(path: readonly string[], options: VaultInitialize): Mistake[] {
  const { shares, threshold } = vaultShares(options);
  if (threshold > shares) {
    return [{
      path: [...path, "threshold"],
      message: `${threshold}, expected at most ${shares}, the number of shares`,
    }];
  }
  if (threshold > 1) return [];
  if (shares > 1) {
    return [{
      path: [...path, "threshold"],
      message: `1 with ${shares} shares, which Vault refuses; expected at least 2`,
    }];
  }
  return options.development === true ? [] : [{
    path: [...path, "shares"],
    message: "1, expected several: whoever has the only share unseals alone, and when it is lost " +
      "so is the Vault; where nothing is at stake, say development: true",
  }];
}

function checkHolders(
  path: readonly string[],
  { holders = {}, ...numbers }: VaultInitialize,
): Mistake[] {
  const { shares } = vaultShares(numbers);
  const names = Object.keys(holders);
  const twice = names.filter((name, index) =>
    Object.values(holders).indexOf(holders[name]!) !== index
  );
  return [
    ...(names.length <= shares ? [] : [{
      path: [...path, "holders"],
      message: `${names.length} holders of ${shares} shares, expected no more than shares`,
    }]),
    ...twice.map((name) => ({
      path: [...path, "holders", name],
      message: "the recipient of another holder, expected one of its own",
    })),
  ];
}
