/** Remove what a platform has on a cluster. */
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(dryRunOption(targetOptions(
    command("destroy", "Remove what a platform has on a cluster; asks first"),
  )))
    .option("--prune-data", "remove claims and namespaces too, with all that is in them"),
  [
    "deno task destroy --dry-run",
    "deno task destroy --platform bareuptime --yes",
    "deno task destroy --prune-data",
  ],
);

await run(cli, async (options, context) => {
  const { destroy } = await import("../lib/flows/destroy.ts");
  return await destroy(options, context);
});
