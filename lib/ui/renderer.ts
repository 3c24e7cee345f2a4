import type { SlipwayEvent } from "../core/events.ts";
import type { Screen } from "./screen.ts";

/** Why a run ended without success, as far as readers are told. */
export interface Problem {
  /** What was tried, the value found and the value wanted. */
  message: string;
  /** What the reader can do about it. */
  remedy?: string;
  /** Exit code of the run. */
  exitCode: number;
  /** Whether the same command may succeed later without anybody's help. */
  retryable: boolean;
  /** Stack and causes, where they were asked for or nobody knows better. */
  stack?: string;
}

/** Turns what a run tells into output. */
export interface Renderer {
  /** Show an event. */
  emit(event: SlipwayEvent): void;
  /** Write a result as it is, with a line feed after it: a rendered file, a line for `eval`. */
  print(text: string): void;
  /** Show why the run ended. */
  problem(problem: Problem): void;
  /** Take live lines off the screen until the next event, as before a question. */
  pause(): void;
  /** End live lines and give the cursor back. Nothing is shown after it but `print`, `problem` and `end`. */
  close(): void;
  /** Everything has been told; show what has to be the last line. */
  end(): void;
}

/** Time as renderers need it. */
export interface Clock {
  /** Milliseconds since some moment; only differences count. */
  nowMs(): number;
  /** Call `tick` again and again, `ms` milliseconds apart; the returned function ends it. */
  every(ms: number, tick: () => void): () => void;
}

/** What every renderer is made of. */
export interface RendererParts {
  /** Where results go. */
  stdout: Screen;
  /** Where progress and problems go. */
  stderr: Screen;
  /** Time. */
  clock: Clock;
}

/** A {@linkcode Clock} by the process's own time. */
export function systemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    every(ms, tick) {
      const timer = setInterval(tick, ms);
      return () => clearInterval(timer);
    },
  };
}

/** The lines in which people read a problem. */
export function problemLines(problem: Problem): string[] {
  return [
    `error: ${problem.message}`,
    ...(problem.remedy === undefined ? [] : [`  remedy: ${problem.remedy}`]),
    ...(problem.stack === undefined ? [] : problem.stack.split("\n")),
  ];
}
