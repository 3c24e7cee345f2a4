/** Tell which key opens what, where each is kept, and what would be lost with the cluster. */
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(command(
    "secrets-graph",
    "Tell which key opens what and where each is kept, and what could not be opened any more when\n" +
      "the cluster is gone. No cluster is asked. Exits with 5 when something would be lost.",
  ))
    .option(
      "--platform <name>",
      "a folder in manifests/platforms, or a platform file",
      "bareuptime",
    )
    .option("--env <name>", "environment, whose overlay is laid over the platform")
    .option("--svg <file.svg>", "draw it, in place of telling it"),
  [
    "deno task secrets-graph",
    "deno task secrets-graph --platform vikingthedev --env prod",
    "deno task secrets-graph --platform vikingthedev --env prod --svg keys.svg",
    "deno task -q secrets-graph --json",
  ],
);

await run(cli, async ({ json, svg, dryRun, ...request }, context) => {
  const { drawKeys, keysRecords, keysText, readKeys, tellKeyFindings } = await import(
    "../lib/flows/secrets/graph.ts"
  );
  const keys = await readKeys(request, context);
  if (svg !== undefined) {
    await drawKeys(keys, { file: svg, dryRun }, context);
  } else if (json) {
    for (const record of keysRecords(keys)) context.print(JSON.stringify(record));
  } else {
    context.print(keysText(keys));
  }
  // With --json the findings are among the records.
  return tellKeyFindings(keys, json && svg === undefined ? { emit: () => {} } : context);
});
