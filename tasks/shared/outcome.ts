import type { Context } from "../../lib/core/context.ts";
import { ExitCode, Interrupted, UsageError } from "../../lib/core/errors.ts";
import { createRedactor, type Redactor } from "../../lib/core/redact.ts";
import type { RendererOptions } from "../../lib/ui/mod.ts";
import { type Renderer, systemClock } from "../../lib/ui/renderer.ts";
import type { Host } from "./host.ts";
import { createInterruption } from "./interruption.ts";
import type { CommonOptions } from "./options.ts";
import { isCommanderError, problemOf } from "./problem.ts";

/** What a task gives to its flow. */
export interface TaskContext extends Context {
  /** Write a result on standard output as it is: a rendered file, a line for `eval`. With `--json` it must be JSON. */
  print: (text: string) => void;
}

/** What a command does with its options, its arguments and, last, its context. */
export type AnyAction = (options: unknown, ...rest: unknown[]) => Promise<ExitCode | void>;

/** Shows how a run goes. */
export interface RunRenderer extends Renderer {
  /** Waits until all that was told is shown; at once when absent. */
  settled?: () => Promise<void>;
}

/** Makes a {@linkcode RunRenderer}. */
export type OpenRenderer = (options: RendererOptions) => RunRenderer;

/** What a command line asks for. */
export interface Call {
  /** What is to be done. */
  action: AnyAction;
  /** Its options. */
  options: CommonOptions & { yes?: true };
  /** Its arguments. */
  values: readonly unknown[];
}

/**
 * Do what the command line asks for, tell how it went, and return the exit code. Errors are told with their remedy;
 * help that was shown already ends well.
 *
 * @param task its name, as people call it
 * @param choose reads the command line
 * @param open makes what shows how it goes
 */
export async function outcome(
  task: string,
  choose: () => Call,
  host: Host,
  open: OpenRenderer,
): Promise<ExitCode> {
  const redactor = createRedactor();
  const renderer = open({
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
      command: task,
    });
    renderer.close();
    renderer.problem(problem);
    renderer.end();
    return problem.exitCode as ExitCode;
  };

  let call: Call;
  try {
    call = choose();
  } catch (error) {
    const helpWasShown = isCommanderError(error) && error.exitCode === 0;
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
      confirm: (question: string, typed?: string) =>
        confirm({ question, typed }, call.options, host, renderer),
      askSecret: (question: string, remedy: string) =>
        askSecret(question, remedy, { host, renderer, redactor }),
    });
    renderer.close();
    renderer.end();
    return code ?? ExitCode.done;
  } catch (error) {
    return fail(interruption.signal.aborted ? causeOfEnd(error, interruption.signal) : error);
  } finally {
    await renderer.settled?.();
    interruption.close();
  }
}

/** Requests that an abort cuts off fail in their own words; what the user wants to hear is the reason of the abort. */
function causeOfEnd(error: unknown, signal: AbortSignal): unknown {
  // Libraries have AbortErrors of their own, which are no DOMException.
  const isAbort = error instanceof Error && error.name === "AbortError";
  return isAbort ? signal.reason : error;
}

async function confirm(
  { question, typed }: { question: string; typed: string | undefined },
  options: { yes?: true },
  host: Host,
  renderer: RunRenderer,
): Promise<boolean> {
  if (options.yes) return true;
  if (!host.isInteractive) {
    throw new UsageError(`Cannot ask "${question}": there is no terminal to answer on`, {
      remedy: "add --yes to go on without being asked",
    });
  }
  await renderer.settled?.();
  renderer.pause();
  const answer = await host.ask(question, typed);
  if (answer === undefined) throw new Interrupted();
  return answer;
}

async function askSecret(
  question: string,
  remedy: string,
  { host, renderer, redactor }: { host: Host; renderer: RunRenderer; redactor: Redactor },
): Promise<string> {
  if (!host.isInteractive) {
    throw new UsageError(`Cannot ask "${question}": there is no terminal to answer on`, { remedy });
  }
  await renderer.settled?.();
  renderer.pause();
  const answer = await host.askSecret(question);
  if (answer === undefined) throw new Interrupted();
  redactor.add(answer);
  return answer;
}
