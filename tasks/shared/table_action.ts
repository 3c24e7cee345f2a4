import type { ExitCode } from "../../lib/core/errors.ts";
import type { CommonOptions } from "./options.ts";
import type { TaskContext } from "./outcome.ts";

/** What a task with a table of options does. */
export type TableAction<O> = (
  options: O & CommonOptions,
  rest: readonly string[],
  context: TaskContext,
) => Promise<ExitCode | void>;
