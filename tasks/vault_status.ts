/** Show how the servers of a platform's Vaults stand; exit code 5 when one is sealed or away. */
import { command, examples, run } from "./shared/cli.ts";
import { vaultOptions } from "./shared/vault_options.ts";

const cli = examples(
  vaultOptions(
    command(
      "vault-status",
      "Show how a Vault's servers stand; exit code 5 when one is sealed, not initialised or away",
    ),
  ).option("--token-file <file>", "file with a token, for Raft's peers; VAULT_TOKEN when absent"),
  [
    "deno task vault-status",
    "deno task vault-status --platform vikingthedev --env prod      # all of its vaults",
    "VAULT_TOKEN=… deno task vault-status --address https://vault.example.org:8200",
  ],
);

await run(cli, async (options, context) => {
  const { vaultStatus } = await import("../lib/flows/vault/status.ts");
  return await vaultStatus(options, context);
});
