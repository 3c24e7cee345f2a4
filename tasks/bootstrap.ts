/** Bring a platform up on a cluster: the embedded one, unless another is named. */
import { deployOptions } from "./shared/deploy_options.ts";
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  deployOptions(
    command("bootstrap", "Bring a platform up on a cluster; again and again, it converges"),
  ),
  [
    "deno task bootstrap",
    "deno task bootstrap --platform bareuptime --env production --dry-run",
    "deno task bootstrap --context prod --yes --timeout 15m",
    "deno task bootstrap --json | tail -n 1",
  ],
);

await run(cli, async (options, context) => {
  const { bootstrap } = await import("../lib/flows/deploy.ts");
  return await bootstrap(options, context);
});
