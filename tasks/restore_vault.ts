/** Restore a Vault from a backup. */
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { fromOption } from "./shared/from_option.ts";
import { storeOptions } from "./shared/store_options.ts";
import { shareOptions, vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  storeOptions(shareOptions(fromOption(
    yesOption(
      dryRunOption(
        vaultOptions(
          command(
            "restore-vault",
            "Restore a Vault from a backup, unseal it with the original shares, and prove what it holds",
          ),
        ),
      ),
    ),
  )))
    .option(
      "--token-file <file>",
      "file with a token that may replace what is in Vault, or read the canary; VAULT_TOKEN when absent",
    )
    .option(
      "--seal-token-file <file>",
      "token for the Vault that unseals this one; VAULT_SEAL_TOKEN when absent",
    )
    .option("--seal-address <url>", "URL of the Vault that unseals this one"),
  [
    "deno task restore-vault --identity ~/.age/anna.txt --dry-run    # what it will take",
    "deno task restore-vault --platform bareuptime --env production --identity ~/.age/anna.txt ~/.age/ben.txt",
    "deno task restore-vault --from 20261121T030000Z-3fa9c2 --store /mnt/usb/vault --identity key.txt --share-file shares.txt",
  ],
);

await run(cli, async (options, context) => {
  const { restoreVault } = await import("../lib/flows/vault/restore.ts");
  return await restoreVault(options, context);
});
