/** Make volumes bigger. */
import { clusterOptions, command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(
    dryRunOption(
      clusterOptions(
        command(
          "expand-volume",
          "Make a volume bigger, or all volumes of a StatefulSet's pods, and write the size into the platform file",
        ),
      ),
    ),
  )
    .argument(
      "<claim>",
      "namespace/claim, or a volume of the platform; of a StatefulSet, any of its claims",
    )
    .argument("<size>", "new size, such as 20Gi")
    .option(
      "--platform <name>",
      "a folder in manifests/platforms, or a platform file, that says the size",
    )
    .option("--env <name>", "environment, whose overlay is laid over the platform"),
  [
    "deno task expand-volume backend-storage 5Gi --platform bareuptime --env production --dry-run",
    "deno task expand-volume backend-storage 5Gi --platform bareuptime --env production",
    "deno task expand-volume data/data-mongodb-0 40Gi --platform glucosync --env production    # those of all its pods",
    "deno task expand-volume shop/uploads 20Gi --context prod --yes",
  ],
);

await run(cli, async (options, claim, size, context) => {
  const { expandVolume } = await import("../lib/flows/volume/expand.ts");
  return await expandVolume({ ...options, claim, size }, context);
});
