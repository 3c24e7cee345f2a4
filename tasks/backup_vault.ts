/** Back up Vaults by Raft snapshots. */
import { command, dryRunOption, examples, run } from "./shared/cli.ts";
import { storeOptions } from "./shared/store_options.ts";
import { shareOptions, vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  storeOptions(shareOptions(
    dryRunOption(
      vaultOptions(
        command(
          "backup-vault",
          "Take a Raft snapshot of a Vault, check and encrypt it, and store it with a record",
        ),
      ),
    ),
  ))
    .argument(
      "[vault...]",
      "several of the platform's vaults, in place of --vault; as the job says when absent",
    )
    .option("--recipient <age...>", "age recipients who may read it; the platform's when absent")
    .option("--job <name>", "one of the platform's jobs; the only one of this task when absent")
    .option(
      "--keep <policy>",
      "remove what it does not keep, such as 7-daily-4-weekly or days=30; as the job says when absent",
    )
    .option("--token-file <file>", "file with a token; VAULT_TOKEN, or a question, when absent")
    .option("--role <name>", "log in as a pod of the cluster, by this role of Kubernetes auth")
    .option(
      "--seal-token-file <file>",
      "token for the Vault that unseals this one; VAULT_SEAL_TOKEN when absent",
    )
    .option("--seal-address <url>", "URL of the Vault that unseals this one"),
  [
    "deno task backup-vault --platform bareuptime --env production --token-file ~/.vault-token",
    "deno task backup-vault vault vault-bootstrap --platform vikingthedev --env prod --store offsite",
    "deno task backup-vault --store /mnt/usb/vault --recipient age1… --identity ~/.age/anna.txt",
    "deno task backup-vault --dry-run    # where to, and for whom",
  ],
);

await run(cli, async (options, vaults, context) => {
  const { backupVault } = await import("../lib/flows/vault/backup.ts");
  return await backupVault({ ...options, vaults }, context);
});
