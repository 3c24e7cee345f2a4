import type { Command, OptionValues } from "@commander-js/extra-typings";
import {
  type Arguments,
  dryRunOption,
  type TargetOptions,
  targetOptions,
  yesOption,
} from "./cli.ts";

/** What the options of an apply say. */
export type DeployOptions = TargetOptions & {
  /** Stop before the first change. */
  dryRun?: true;
  /** Do not ask. */
  yes?: true;
  /** Take over fields from any manager. */
  takeOver?: true;
  /** Let claims and namespaces that left the platform be deleted. */
  pruneData?: true;
  /** Wait until everything is ready. */
  wait: boolean;
};

/** The options of tasks that apply a platform, besides those of every task. */
export function deployOptions<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & DeployOptions> {
  const all = yesOption(dryRunOption(targetOptions(cli)));
  all.option("--take-over", "take over fields that other managers hold")
    .option("--prune-data", "let claims and namespaces that left the platform be deleted")
    .option("--no-wait", "do not wait until everything is ready");
  return all as unknown as Command<A, O & DeployOptions>;
}
