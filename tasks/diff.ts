/** Show what an apply would change on a cluster; exit code 5 when that is anything. */
import { command, dryRunOption, examples, run, targetOptions } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(targetOptions(
    command("diff", "Show what an apply would change; exit code 5 when that is anything"),
  ))
    .option("--take-over", "plan to take over fields that other managers hold")
    .option("--prune-data", "plan to delete claims and namespaces that left the platform"),
  [
    "deno task diff",
    "deno task diff --context prod --json",
  ],
);

await run(cli, async (options, context) => {
  const { diff } = await import("../lib/flows/deploy.ts");
  return await diff(options, context);
});
