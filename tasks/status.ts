/** Show whether what a platform has on a cluster is ready; exit code 5 when it is not. */
import { command, dryRunOption, examples, run, targetOptions } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(
    targetOptions(
      command("status", "Show whether a platform is ready; exit code 5 when it is not"),
    ),
  ),
  [
    "deno task status",
    "deno task status --platform bareuptime --context prod",
  ],
);

await run(cli, async (options, context) => {
  const { status } = await import("../lib/flows/status.ts");
  return await status(options, context);
});
