import type { Command, OptionValues } from "@commander-js/extra-typings";
import { type Arguments, type TargetOptions, targetOptions } from "./cli.ts";

/** What the options of a task on a Vault say. */
export type VaultOptions = TargetOptions & {
  /** Name of the Vault in the platform. */
  vault?: string;
  /** URL of one server. */
  address?: string;
  /** Path of a file with the authority of its certificate. */
  caCert?: string;
};

/** What the options of a task that uses shares say. */
export type ShareOptions = {
  /** Paths of age identity files. */
  identity?: string[];
  /** Paths of files with shares. */
  shareFile?: string[];
  /** Where the shares are kept. */
  keys?: string;
};

/** Options that say which Vault is meant, and how it is reached. */
export function vaultOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & VaultOptions> {
  const all = targetOptions(cli);
  all.option("--vault <name>", "which of the platform's vaults; its only one when absent")
    .option("--address <url>", "URL of Vault; VAULT_ADDR, or as the platform says, when absent")
    .option("--ca-cert <file>", "authority of its certificate, in PEM; VAULT_CACERT when absent");
  return all as unknown as Command<A, O & VaultOptions>;
}

/** Options that say where shares come from. */
export function shareOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & ShareOptions> {
  cli.option("--identity <file...>", "age identities, which open the shares that are kept")
    .option("--share-file <file...>", "files with shares, one a line")
    .option("--keys <place>", "folder or s3:// URL of the kept shares");
  return cli as unknown as Command<A, O & ShareOptions>;
}
