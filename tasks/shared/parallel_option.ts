import { type Command, InvalidArgumentError, type OptionValues } from "@commander-js/extra-typings";
import type { Arguments } from "./cli.ts";

/** `--parallel`, for what backs up databases of one server. */
export function parallelOption<A extends Arguments, O extends OptionValues>(
  cli: Command<A, O>,
): Command<A, O & { parallel?: number }> {
  cli.option("--parallel <count>", "databases at once; 2 when absent", count);
  return cli as unknown as Command<A, O & { parallel?: number }>;
}

function count(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) {
    throw new InvalidArgumentError("Wanted a whole number from 1 to 99.");
  }
  return Number(text);
}
