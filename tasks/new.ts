/** Write a platform file for another client, from one that serves as a template. */
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(
    command(
      "new",
      "Write a platform file for another client, from one that serves as a template.\n" +
        "Names and hosts that the template says with $(name) and $(domain) become the client's.",
    )
      .requiredOption("--from <platform>", "a folder in manifests/platforms, or a platform file")
      .requiredOption("--client <name>", "name of the new platform")
      .option("--domain <domain>", "its domain (default: <client>.com)")
      .option("--env <name...>", "environments to take over (default: all)")
      .option(
        "--out <file>",
        "file to write (default: manifests/platforms/<client>/platform.yaml)",
      ),
  ),
  [
    "deno task new --from monobase --client acme --env prod",
    "deno task new --from monobase --client acme --domain acme.example --dry-run",
  ],
);

await run(cli, async (options, context) => {
  const { newPlatform } = await import("../lib/flows/new_platform.ts");
  await newPlatform(options, context);
});
