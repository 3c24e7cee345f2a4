import { Command, InvalidArgumentError, type OptionValues } from "@commander-js/extra-typings";
import { messageOf } from "../../lib/core/errors.ts";
import { parseDuration } from "../../lib/core/units.ts";

import type { Arguments, CommonOptions, TargetOptions } from "./options.ts";

export type { Arguments, CommonOptions, TargetOptions } from "./options.ts";
export { on, run } from "./run.ts";
export type { TaskContext } from "./run.ts";

/** A command that has no arguments yet, and the options that every task takes. */
export type TaskCommand = Command<[], CommonOptions>;

/**
 * A command as every task has it: `--json`, `--timeout`, `--verbose` and `--help`.
 *
 * @example
 * ```ts
 * const cli = targetOptions(command("diff", "Show what an apply would change"));
 * await run(cli, async (options, context) => {
 *   const { diff } = await import("../lib/flows/diff.ts");
 *   return diff(options, context);
 * });
 * ```
 */
export function command(name: string, summary: string): TaskCommand {
  return prepared(new Command(`deno task ${name}`), summary);
}

/** A subcommand of a task, with the options that every task takes. Add it with `parent.addCommand(on(it, action))`. */
export function subcommand(name: string, summary: string): TaskCommand {
  return prepared(new Command(name), summary);
}

/** Put examples at the end of a command's help, each as it is typed. */
export function examples<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
  lines: readonly string[],
): Command<A, O> {
  cli.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  return cli;
}

/** Options that say which platform is meant, and on which cluster. */
export function targetOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & TargetOptions> {
  cli
    .option(
      "--platform <name>",
      "a folder in manifests/platforms, or a platform file",
      "bareuptime",
    )
    .option("--env <name>", "environment, whose overlay is laid over the platform");
  return clusterOptions(cli) as unknown as Command<A, O & TargetOptions>;
}

/** Options that say which cluster is meant. */
export function clusterOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & Omit<TargetOptions, "platform" | "env">> {
  cli
    .option("--kubeconfig <file>", "use the cluster of this kubeconfig, not the embedded one")
    .option("--context <name>", "use this context of the kubeconfig")
    .option("--cluster <name>", "name of the embedded cluster")
    .option("--in-cluster", "use the cluster that this runs in as a pod");
  return cli as unknown as Command<A, O & Omit<TargetOptions, "platform" | "env">>;
}

/** `--dry-run`, for what changes something. */
export function dryRunOption<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & { dryRun?: true }> {
  cli.option("--dry-run", "show what would be done, and do nothing");
  return cli as unknown as Command<A, O & { dryRun?: true }>;
}

/** `--yes`, for what asks. */
export function yesOption<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & { yes?: true }> {
  cli.option("-y, --yes", "do not ask");
  return cli as unknown as Command<A, O & { yes?: true }>;
}

/** Reads a duration such as `90s` or `5m` from the command line, in milliseconds. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function prepared(cli: Command, summary: string): TaskCommand {
  return cli
    .description(summary)
    .exitOverride()
    .showSuggestionAfterError()
    .option("--json", "print one JSON object a line on standard output")
    .option("--timeout <duration>", "give up after this time, such as 90s or 5m", duration)
    .option("-v, --verbose", "show where errors come from") as unknown as TaskCommand;
}
