import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** `--identity`, for what opens backups. */
export function identityOption<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & { identity?: string[] }> {
  cli.option(
    "--identity <file...>",
    "age identities of somebody who may read it; SLIPWAY_AGE_IDENTITY, or the file that SLIPWAY_AGE_IDENTITY_FILE names, when absent",
  );
  return cli as unknown as Command<A, O & { identity?: string[] }>;
}
