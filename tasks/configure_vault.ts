/** Bring the contents of a Vault to what its platform declares. */
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(
    dryRunOption(
      targetOptions(
        command(
          "configure-vault",
          "Bring engines, policies, logins, certificate authorities and secrets of a Vault to what its platform wants",
        ),
      ),
    ),
  )
    .option("--vault <name>", "which of the platform's vaults; its only one when absent")
    .option("--address <url>", "URL of Vault; VAULT_ADDR, or as the platform says, when absent")
    .option("--ca-cert <file>", "authority of its certificate, in PEM; VAULT_CACERT when absent")
    .option("--token-file <file>", "file with a token; VAULT_TOKEN, or a question, when absent")
    .option(
      "--identity <file...>",
      "age identities that open kept shares, of which a root token is made and revoked",
    )
    .option("--share-file <file...>", "files with shares, one a line, in place of a token")
    .option("--keys <place>", "folder or s3:// URL of the kept shares")
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
    "deno task configure-vault --identity ~/.age/anna.txt ~/.age/ben.txt --yes",
    "sops decrypt seeds.json | deno task configure-vault --yes --seed-from -",
    "deno task configure-vault --purge --dry-run",
  ],
);

await run(cli, async (options, context) => {
  const { configure } = await import("../lib/flows/vault/configure.ts");
  return await configure(options, context);
});
