/** Bring the contents of a Vault to what its platform wants. */
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { shareOptions, vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  shareOptions(
    yesOption(
      dryRunOption(
        vaultOptions(
          command(
            "configure-vault",
            "Bring engines, policies, logins, certificate authorities and secrets of a Vault to what its platform wants",
          ),
        ),
      ),
    ).option("--token-file <file>", "file with a token; VAULT_TOKEN, or a question, when absent"),
  )
    .option(
      "--seed-from <file>",
      "JSON with values of secrets, {path: {key: value}}; - reads standard input",
    )
    .option("--no-prompt", "leave out what would be asked for; ends with 3 when values are missing")
    .option(
      "--purge",
      "remove policies, roles and database connections that the platform does not name",
    )
    .option(
      "--purge-mount <path...>",
      "remove a mount with all that is in it, such as old-kv or auth/userpass",
    ),
  [
    "deno task configure-vault --dry-run    # ends with 5 when something differs",
    "deno task configure-vault --platform vikingthedev --env prod --vault vault --token-file ~/.vault-token",
    "deno task configure-vault --identity ~/.age/anna.txt ~/.age/ben.txt --yes    # a root token, revoked at the end",
    "sops decrypt seeds.json | deno task configure-vault --yes --token-file ~/.vault-token --seed-from -",
    "deno task configure-vault --purge --dry-run",
  ],
);

await run(cli, async (options, context) => {
  const { configure } = await import("../lib/flows/vault/configure.ts");
  return await configure(options, context);
});
