/** Back up Vaults by Raft snapshots. */
import { command, dryRunOption, examples, run, targetOptions } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(
    targetOptions(
      command(
        "backup-vault",
        "Take a Raft snapshot of a Vault, check and encrypt it, and store it with a record",
      ),
    ),
  )
    .argument("[vault...]", "the platform's vaults to back up; its only one when absent")
    .option(
      "--store <place>",
      "s3://bucket/prefix?endpoint=…&region=…, a folder, or one of the platform's stores",
    )
    .option("--recipient <age...>", "age recipients who may read it; the platform's when absent")
    .option("--address <url>", "URL of Vault; VAULT_ADDR, or as the platform says, when absent")
    .option("--ca-cert <file>", "authority of its certificate, in PEM; VAULT_CACERT when absent")
    .option("--token-file <file>", "file with a token; VAULT_TOKEN, or a question, when absent")
    .option("--role <name>", "log in as a pod of the cluster, by this role of Kubernetes auth")
    .option(
      "--identity <file...>",
      "age identities that open kept shares, of which a root token is made and revoked",
    )
    .option("--share-file <file...>", "files with shares, one a line, in place of a token")
    .option("--keys <place>", "folder or s3:// URL of the kept shares")
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
