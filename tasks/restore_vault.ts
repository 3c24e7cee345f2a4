/** Restore a Vault from a backup. */
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(
    dryRunOption(
      targetOptions(
        command(
          "restore-vault",
          "Restore a Vault from a backup, unseal it with the original shares, and prove what it holds",
        ),
      ),
    ),
  )
    .option("--vault <name>", "which of the platform's vaults; its only one when absent")
    .option("--from <id>", "id of the backup, or latest", "latest")
    .option(
      "--store <place>",
      "s3://bucket/prefix?endpoint=…&region=…, a folder, or one of the platform's stores",
    )
    .option(
      "--identity <file...>",
      "age identities that decrypt the backup, and open kept shares",
    )
    .option("--share-file <file...>", "files with shares of the Vault that was backed up")
    .option("--keys <place>", "folder or s3:// URL of the kept shares")
    .option("--address <url>", "URL of Vault; VAULT_ADDR, or as the platform says, when absent")
    .option("--ca-cert <file>", "authority of its certificate, in PEM; VAULT_CACERT when absent")
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
    "deno task restore-vault --dry-run --identity ~/.age/anna.txt    # what it will take",
    "deno task restore-vault --platform bareuptime --env production --identity ~/.age/anna.txt",
    "deno task restore-vault --from 20261121T030000Z-3fa9c2 --store /mnt/usb/vault --identity key.txt --share-file shares.txt",
  ],
);

await run(cli, async (options, context) => {
  const { restoreVault } = await import("../lib/flows/vault/restore.ts");
  return await restoreVault(options, context);
});
