import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** One line that a task printed with `--json`. */
export interface JsonLine {
  /** What the line tells: an event's type, or `error`. */
  type: string;
  /** All else, by type. */
  [field: string]: unknown;
}

/** How a task ended, and what it said. */
export interface TaskOutcome {
  /** Exit code; 137 after SIGKILL. */
  code: number;
  /** Standard output. */
  stdout: string;
  /** Standard error. */
  stderr: string;
  /** Standard output, line by line, where it is JSON. */
  lines: JsonLine[];
}

/** How to run a task. */
export interface TaskOptions {
  /** Variables that the task gets besides the test's own. */
  env?: Record<string, string>;
  /** Kill the task with SIGKILL once it has printed this many lines on standard output. */
  killAfterLines?: number;
  /** Kill the task with SIGKILL at the first line of which this is true. */
  killWhen?: (line: JsonLine) => boolean;
  /** Press Ctrl-C, once, at the first line of which this is true. */
  interruptWhen?: (line: JsonLine) => boolean;
  /** Called with each line as it comes. */
  onLine?: (line: JsonLine, index: number) => void;
}

/** Run a task as its users do, in a process of its own, and wait for its end. */
export async function runTask(
  args: readonly string[],
  options: TaskOptions = {},
): Promise<TaskOutcome> {
  const [name, ...rest] = args;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", `${root}tasks/${name}.ts`, ...rest],
    env: { NO_COLOR: "1", ...options.env },
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const { stdout, lines } = await readLines(child, options);
  const { code, signal } = await child.status;
  return { code: signal === "SIGKILL" ? 137 : code, stdout, stderr: await stderr, lines };
}

async function readLines(
  child: Deno.ChildProcess,
  { killAfterLines, killWhen, interruptWhen, onLine }: TaskOptions,
): Promise<Pick<TaskOutcome, "stdout" | "lines">> {
  const decoder = new TextDecoder();
  const lines: JsonLine[] = [];
  let stdout = "";
  let rest = "";
  let count = 0;
  let interrupted = false;
  for await (const chunk of child.stdout) {
    const text = decoder.decode(chunk, { stream: true });
    stdout += text;
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const part of parts) {
      if (part.startsWith("{")) {
        const line = JSON.parse(part) as JsonLine;
        lines.push(line);
        onLine?.(line, lines.length - 1);
        if (killWhen?.(line)) kill(child);
        if (!interrupted && interruptWhen?.(line)) {
          interrupted = true;
          kill(child, "SIGINT");
        }
      }
      if (++count === killAfterLines) kill(child);
    }
  }
  return { stdout, lines };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal = "SIGKILL"): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It ended before the signal came.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The summary that a task ended with. */
export function summaryOf(outcome: TaskOutcome): JsonLine {
  const last = outcome.lines.at(-1);
  if (last?.type !== "summary") {
    throw new Error(
      `the last line is no summary: ${outcome.stdout.slice(-500)}\n${outcome.stderr}`,
    );
  }
  return last;
}
