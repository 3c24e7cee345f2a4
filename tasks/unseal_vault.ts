/** Unseal a Vault; when nothing of it is sealed, do nothing. */
import { command, dryRunOption, examples, run } from "./shared/cli.ts";
import { shareOptions, vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  shareOptions(
    dryRunOption(
      vaultOptions(
        command("unseal-vault", "Unseal a Vault; when nothing of it is sealed, do nothing"),
      ),
    ),
  ).option("--migrate", "the shares hand the unsealing over to the Vault that its seal names"),
  [
    "deno task unseal-vault                 # asks for shares, and shows none",
    "deno task unseal-vault --identity ~/.age/anna.txt    # ends with 5 until enough holders have done so",
    "deno task unseal-vault --platform vikingthedev --env prod --vault vault --migrate --share-file shares.txt",
    "deno task unseal-vault --context prod --json         # for a CronJob, where a Secret keeps the shares",
  ],
);

await run(cli, async (options, context) => {
  const { unsealVault } = await import("../lib/flows/vault/unseal.ts");
  return await unsealVault(options, context);
});
