/** Apply a platform to a cluster that runs, and wait until it is ready. */
import { deployOptions } from "./shared/deploy_options.ts";
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  deployOptions(
    command("apply", "Apply a platform to a cluster that runs, and wait until it is ready"),
  ),
  [
    "deno task apply",
    "deno task apply --platform bareuptime --env production --dry-run",
    "deno task apply --context prod --yes --timeout 15m",
    "deno task apply --json | tail -n 1",
  ],
);

await run(cli, async (options, context) => {
  const { apply } = await import("../lib/flows/deploy.ts");
  return await apply(options, context);
});
