import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** `--from`, for what restores a backup. */
export function fromOption<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & { from: string }> {
  cli.option(
    "--from <backup>",
    "latest, an id, or a time such as 2026-11-21T03:00Z, at which or before which it began",
    "latest",
  );
  return cli as unknown as Command<A, O & { from: string }>;
}
