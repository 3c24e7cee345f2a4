/** Have External Secrets read its sources now, and restart what runs with older values. */
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(dryRunOption(targetOptions(
    command(
      "sync-secrets",
      "Have External Secrets read its sources now, and restart workloads that run with older values",
    ),
  )))
    .argument("[external-secrets...]", "names; all of the platform's when none is named")
    .option("--restart-only", "read no source; only restart what is older than its Secrets")
    .option("--no-restart", "restart nothing"),
  [
    "deno task sync-secrets",
    "deno task sync-secrets database-credentials --context prod --yes",
    "deno task sync-secrets --restart-only --dry-run    # ends with 5 when something is to be restarted",
  ],
);

await run(cli, async (options, names, context) => {
  const { syncSecrets } = await import("../lib/flows/secrets/sync.ts");
  return await syncSecrets({ ...options, names }, context);
});
