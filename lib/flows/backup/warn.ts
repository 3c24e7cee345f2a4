import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";

/** Tell of a failure that does not end the run, with its remedy. */
export function warn(what: string, error: unknown, { emit }: Pick<Context, "emit">): void {
  const remedy = error instanceof SlipwayError ? error.remedy : undefined;
  emit({
    type: "note",
    level: "warning",
    message: `${what}: ${messageOf(error)}`,
    ...remedy === undefined ? {} : { remedy },
  });
}
