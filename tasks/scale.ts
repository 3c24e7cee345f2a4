/** Set the replicas of a workload until the next apply. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  yesOption(dryRunOption(targetOptions(
    command("scale", "Set the replicas of a workload until the next apply"),
  )))
    .argument("<workload>", "name of a Deployment or StatefulSet")
    .requiredOption("--replicas <number>", "how many it is to have", count),
  [
    "deno task scale bareuptime-backend --replicas 5",
    "deno task scale bareuptime-backend --replicas 3 --context prod --yes",
  ],
);

await run(cli, async (options, workload, context) => {
  const { scale } = await import("../lib/flows/scale.ts");
  return await scale({ ...options, workload }, context);
});

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("Wanted a whole number from 0.");
  return Number(text);
}
