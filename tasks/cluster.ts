/** The embedded cluster: start it, end it, look at it, remove it. */
import { InvalidArgumentError } from "commander";
import type { OperatorName } from "../lib/flows/embedded/operators.ts";
import { command, examples, on, run, subcommand, yesOption } from "./shared/cli.ts";

const cli = examples(
  command("cluster", "The embedded cluster: a real control plane of plain processes"),
  [
    "deno task cluster up",
    "deno task cluster up --name demo --nodes 5",
    "deno task cluster up --operators sealed-secrets,cert-manager",
    'eval "$(deno task -q cluster env)" && kubectl get nodes',
    "deno task cluster status --json",
    "deno task cluster down",
    "deno task cluster reset --yes",
  ],
);

const named = (name: string, summary: string) =>
  subcommand(name, summary).option("--name <name>", "name of the cluster", "slipway");

cli.addCommand(on(
  named("up", "start it; what runs already is left alone")
    .option(
      "--nodes <count>",
      "how many like nodes there are at least; three in a new cluster",
      nodeCount,
    )
    .option(
      "--operators <names>",
      "operators to run beside it from now on, with commas between: sealed-secrets, external-secrets, cert-manager",
      operatorList,
    ),
  async ({ name, nodes, operators }, context) => {
    const { bringClusterUp } = await import("../lib/flows/embedded/cluster.ts");
    return await bringClusterUp(name, context, {
      operators,
      ...(nodes === undefined ? {} : { nodes: { least: nodes } }),
    });
  },
));

cli.addCommand(on(
  named("down", "end its processes; its data stays"),
  async ({ name }, context) => {
    const { stopCluster } = await import("../lib/flows/embedded/cluster.ts");
    await stopCluster(name, context);
  },
));

cli.addCommand(on(
  named("status", "show its processes, memory and nodes; exit code 5 when not all of it runs"),
  async ({ name }, context) => {
    const { showCluster } = await import("../lib/flows/embedded/cluster_status.ts");
    return await showCluster(name, context);
  },
));

cli.addCommand(on(
  yesOption(named("reset", "remove it with all that is in it; asks first"))
    .option(
      "--outside",
      "also remove what stands outside of it, such as a Vault that unseals its own",
    ),
  async ({ name, outside }, context) => {
    const { resetCluster } = await import("../lib/flows/embedded/cluster.ts");
    await resetCluster(name, context, { outside });
  },
));

cli.addCommand(on(
  named("env", "print what a shell needs to reach it, for eval"),
  async ({ name, json }, context) => {
    const { clusterEnvironment, exportLines } = await import(
      "../lib/flows/embedded/cluster_status.ts"
    );
    const environment = await clusterEnvironment(name, context);
    context.print(json ? JSON.stringify(environment) : exportLines(environment));
  },
));

function nodeCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 100) {
    throw new InvalidArgumentError(`wanted a number from 1 to 100`);
  }
  return count;
}

function operatorList(text: string): OperatorName[] {
  const known = ["sealed-secrets", "external-secrets", "cert-manager"] as const;
  return text.split(",").map((word) => {
    const name = known.find((each) => each === word.trim());
    if (name === undefined) {
      throw new InvalidArgumentError(`wanted some of ${known.join(", ")}, found "${word.trim()}"`);
    }
    return name;
  });
}

await run(cli);
