import type { Command } from "commander";
import type { Command as TypedCommand, OptionValues } from "@commander-js/extra-typings";
import { type ExitCode, UsageError } from "../../lib/core/errors.ts";
import { createRenderer } from "../../lib/ui/mod.ts";
import type { Arguments } from "./options.ts";
import { denoHost, type Host } from "./host.ts";
import { type AnyAction, type Call, outcome, type TaskContext } from "./outcome.ts";

export type { TaskContext } from "./outcome.ts";

/** What a command does. Without an exit code it is {@linkcode ExitCode.done}. */
export type Action<A extends Arguments, O> = (
  options: O,
  ...rest: [...A, TaskContext]
) => Promise<ExitCode | void>;

const actions = new WeakMap<object, AnyAction>();

/** Say what a command does; for commands that have subcommands. */
export function on<A extends Arguments, O extends OptionValues>(
  cli: TypedCommand<A, O>,
  action: Action<A, O>,
): TypedCommand<A, O> {
  actions.set(cli, action as AnyAction);
  return cli;
}

/**
 * Run what the command line asks for, and end the process with the right exit code.
 * Errors are told with their remedy; wrong usage ends with exit code 2.
 */
export async function run<A extends Arguments, O extends OptionValues>(
  cli: TypedCommand<A, O>,
  action?: Action<A, O>,
  host: Host = denoHost(),
): Promise<void> {
  if (action !== undefined) on(cli, action);
  const untyped = cli as unknown as Command;
  host.exit(await outcome(cli.name(), () => chosenCall(untyped, host), host, createRenderer));
}

/** What the command line asks for. Help is written at once, and told by a CommanderError with exit code 0. */
function chosenCall(cli: Command, host: Host): Call {
  let call: Call | undefined;
  const prepare = (command: Command) => {
    command.configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(host.stdout.columns(), 100),
    });
    const action = actions.get(command);
    if (action !== undefined) {
      command.action((...raw: unknown[]) => {
        // commander passes the arguments, then the options, then the command itself.
        const values = raw.slice(0, -2);
        call = { action, options: command.optsWithGlobals(), values };
      });
    }
    command.commands.forEach(prepare);
  };
  prepare(cli);
  cli.parse([...host.args], { from: "user" });
  if (call === undefined) throw new UsageError(`Wrong usage: ${cli.name()} needs a subcommand`);
  return call;
}
