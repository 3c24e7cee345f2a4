/** Bring a Vault from nothing to work, or on from wherever an earlier run ended. */
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { shareOptions, vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  shareOptions(
    yesOption(
      dryRunOption(
        vaultOptions(
          command(
            "install-vault",
            "Start a Vault, initialise it, give its keys to their holders, unseal, configure it, and revoke the root token",
          ),
        ),
      ),
    ),
  )
    .option("--token-file <file>", "file with a token; VAULT_TOKEN when absent")
    .option("--seal-address <url>", "URL of the Vault that unseals this one; as the platform says")
    .option(
      "--seal-token-file <file>",
      "file with a token for the Vault that unseals this one; VAULT_SEAL_TOKEN when absent",
    )
    .option("--seed-from <file>", "JSON with values of secrets; - reads standard input")
    .option("--no-prompt", "leave out values that would be asked for")
    .option("--restart", "restart its servers one after the other, standbys first, the leader last")
    .option("--out <folder>", "write configuration and systemd unit of a Vault outside, no more"),
  [
    "deno task install-vault",
    "deno task install-vault --platform vikingthedev --env prod --vault vault-bootstrap",
    "deno task install-vault --context prod --identity ~/.age/anna.txt    # after a run that was cut off",
    "deno task install-vault --context prod --restart --identity a.txt b.txt c.txt",
    "deno task install-vault --platform vikingthedev --env prod --vault vault-bootstrap --out ./host",
  ],
);

await run(cli, async (options, context) => {
  const { installVault } = await import("../lib/flows/vault/install.ts");
  return await installVault(options, context);
});
