import { type Command, CommanderError } from "commander";
import type { Command as TypedCommand, OptionValues } from "@commander-js/extra-typings";
import type { Context } from "../../lib/core/context.ts";
import { ExitCode, Interrupted, UsageError } from "../../lib/core/errors.ts";
import { createRedactor, type Redactor } from "../../lib/core/redact.ts";
import { createRenderer, type Renderer, systemClock } from "../../lib/ui/mod.ts";
import type { Arguments, CommonOptions } from "./options.ts";
import { denoHost, type Host } from "./host.ts";
import { createInterruption } from "./interruption.ts";
import { problemOf } from "./problem.ts";

/** What a task gives to its flow. */
export interface TaskContext extends Context {
  /** Write a result on standard output as it is: a rendered file, a line for `eval`. With `--json` it must be JSON. */
  print: (text: string) => void;
}

/** What a command does. Without an exit code it is {@linkcode ExitCode.done}. */
export type Action<A extends Arguments, O> = (
  options: O,
  ...rest: [...A, TaskContext]
) => Promise<ExitCode | void>;

type AnyAction = (options: unknown, ...rest: unknown[]) => Promise<ExitCode | void>;

interface Call {
  action: AnyAction;
  options: CommonOptions & { yes?: true };
  values: readonly unknown[];
}

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
  host.exit(await outcome(cli as unknown as Command, host));
}

async function outcome(cli: Command, host: Host): Promise<ExitCode> {
  const redactor = createRedactor();
  const renderer = createRenderer({
    json: host.args.includes("--json"),
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    clock: systemClock(),
    redact: redactor.redact,
  });
  const fail = (error: unknown): ExitCode => {
    const problem = problemOf(error, {
      verbose: host.args.some((arg) => arg === "--verbose" || arg === "-v"),
      command: cli.name(),
    });
    renderer.close();
    renderer.problem(problem);
    renderer.end();
    return problem.exitCode as ExitCode;
  };

  let call: Call;
  try {
    call = chosenCall(cli, host);
  } catch (error) {
    const helpWasShown = error instanceof CommanderError && error.exitCode === 0;
    return helpWasShown ? ExitCode.done : fail(error);
  }

  const interruption = createInterruption({
    timeoutMs: call.options.timeout,
    onInterrupt: host.onInterrupt,
    nowMs: () => performance.now(),
    announce: () =>
      renderer.emit({
        type: "note",
        level: "warning",
        message: "interrupted, ending in order; press Ctrl-C again to end at once",
      }),
    force: (code) => {
      renderer.close();
      host.exit(code);
    },
  });
  try {
    const code = await call.action(call.options, ...call.values, {
      emit: renderer.emit,
      print: renderer.print,
      signal: interruption.signal,
      now: () => Temporal.Now.instant(),
      random: Math.random,
      env: host.env,
      cwd: host.cwd,
      redactor,
      confirm: (question: string) => confirm(question, call.options, host, renderer),
      askSecret: (question: string, remedy: string) =>
        askSecret(question, remedy, { host, renderer, redactor }),
    });
    renderer.close();
    renderer.end();
    return code ?? ExitCode.done;
  } catch (error) {
    return fail(interruption.signal.aborted ? causeOfEnd(error, interruption.signal) : error);
  } finally {
    interruption.close();
  }
}

/** Requests that an abort cuts off fail in their own words; what the user wants to hear is the reason of the abort. */
function causeOfEnd(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof DOMException && error.name === "AbortError";
  return isAbort ? signal.reason : error;
}

async function confirm(
  question: string,
  options: { yes?: true },
  host: Host,
  renderer: Renderer,
): Promise<boolean> {
  if (options.yes) return true;
  if (!host.isInteractive) {
    throw new UsageError(`Cannot ask "${question}": there is no terminal to answer on`, {
      remedy: "add --yes to go on without being asked",
    });
  }
  renderer.pause();
  const answer = await host.ask(question);
  if (answer === undefined) throw new Interrupted();
  return answer;
}

async function askSecret(
  question: string,
  remedy: string,
  { host, renderer, redactor }: { host: Host; renderer: Renderer; redactor: Redactor },
): Promise<string> {
  if (!host.isInteractive) {
    throw new UsageError(`Cannot ask "${question}": there is no terminal to answer on`, { remedy });
  }
  renderer.pause();
  const answer = await host.askSecret(question);
  if (answer === undefined) throw new Interrupted();
  redactor.add(answer);
  return answer;
}

/** What the command line asks for. Help is written at once, and told by a {@linkcode CommanderError} with exit code 0. */
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
