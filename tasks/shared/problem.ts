import type { CommanderError } from "commander";
import { ExitCode, messageOf, SlipwayError } from "../../lib/core/errors.ts";
import type { Problem } from "../../lib/ui/mod.ts";

/** What people are told of an error that ended a run. */
export function problemOf(
  error: unknown,
  { verbose, command }: { verbose: boolean; command: string },
): Problem {
  if (isCommanderError(error)) return usageProblem(error, command);
  const stack = verbose && error instanceof Error ? stackOf(error) : undefined;
  if (error instanceof SlipwayError) {
    const { message, remedy, exitCode, retryable } = error;
    return { message, remedy, exitCode, retryable, stack };
  }
  return {
    message: messageOf(error),
    remedy: verbose ? undefined : "run it again with --verbose to see where this comes from",
    exitCode: ExitCode.failed,
    retryable: false,
    stack,
  };
}

/** Whether commander threw an error; told by its name, since to load commander takes longer than some tasks. */
export function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error &&
    ["CommanderError", "InvalidArgumentError"].includes(error.name) && "exitCode" in error;
}

/** commander's words are `error: unknown option '--platfrom'` and, on a line of its own, `(Did you mean --platform?)`. */
function usageProblem(error: CommanderError, command: string): Problem {
  if (error.code === "commander.help") {
    return {
      message: `Wrong usage: ${command} needs to be told what to do`,
      remedy: `${command} --help lists what it can do`,
      exitCode: ExitCode.usage,
      retryable: false,
    };
  }
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /Did you mean (.+)\?/.exec(rest.join(" "))?.[1];
  return {
    message: `Wrong usage: ${first.replace(/\.$/, "")}`,
    remedy: suggestion === undefined
      ? `${command} --help tells what it takes`
      : `did you mean ${suggestion}? ${command} --help tells what it takes`,
    exitCode: ExitCode.usage,
    retryable: false,
  };
}

/** The stack of an error and of what led to it. */
function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
