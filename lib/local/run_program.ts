import type { Context } from "../core/context.ts";
import { Interrupted, messageOf, SlipwayError } from "../core/errors.ts";
import type { ByteStream, Program, RunningProgram, RunProgram } from "../core/program.ts";
import { ProgramFailed } from "../core/program_failed.ts";
import { createTail } from "./tail.ts";

/** Variables of this process that programs need to find their files, and to read and write text. */
const inherited = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** How long a program may take to end after SIGTERM, in milliseconds. */
const graceMs = 2_000;

/**
 * Runs programs on this machine, each in a process group of its own, which ends as a whole. They find the variables
 * that are given and a few that every program needs, none else.
 */
export function runHere({ env, redactor }: Pick<Context, "env" | "redactor">): RunProgram {
  const basics = Object.fromEntries(
    inherited.flatMap((name) => {
      const value = env(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return (program, options) =>
    Promise.resolve(start({ ...program, env: { ...basics, ...program.env } }, {
      ...options,
      shown: (text) => redactor.redact(text),
    }));
}

interface Start {
  signal: AbortSignal;
  /** What may be shown of a text. */
  shown: (text: string) => string;
}

function start({ argv, env, stdin, label }: Program, { signal, shown }: Start): RunningProgram {
  signal.throwIfAborted();
  const [program, ...args] = argv;
  const name = label ?? program.slice(program.lastIndexOf("/") + 1);
  const child = spawn(program, { args, env: { ...env }, hasInput: stdin !== undefined });
  const tail = createTail(child.stderr, shown);
  const end = endOf(child);
  signal.addEventListener("abort", end, { once: true });
  /** Why it was ended from here. */
  let because: { error: unknown } | undefined;
  const fed = feed(stdin, child, (error) => {
    because ??= { error };
    end();
  });
  const done = (async () => {
    try {
      const [status] = await Promise.all([child.status, tail.ended, fed]);
      if (signal.aborted) throw signal.reason ?? new Interrupted();
      if (because !== undefined) throw because.error;
      if (status.success) return;
      throw new ProgramFailed({
        label: name,
        stderr: tail.text(),
        ...status.signal === null ? { exitCode: status.code } : { signal: status.signal },
      });
    } finally {
      signal.removeEventListener("abort", end);
    }
  })();
  // Who only reads the output meets the failure there.
  done.catch(() => {});
  return {
    stdout: endingWith(child.stdout, done, () => {
      because ??= { error: new Interrupted(`${name} was ended: nobody reads its output any more`) };
      end();
    }),
    done,
    stderr: tail.text,
  };
}

function spawn(
  program: string,
  { args, env, hasInput }: { args: string[]; env: Record<string, string>; hasInput: boolean },
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args,
      env,
      clearEnv: true,
      stdin: hasInput ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    throw new SlipwayError(`Cannot start ${program}: ${messageOf(error)}`, {
      remedy: `see whether ${program} is installed, in a folder of PATH, and may be run`,
      cause: error,
    });
  }
}

/** Asks the whole group to end, and insists after a while. */
function endOf(child: Deno.ChildProcess): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    send(child.pid, "SIGTERM");
    const timer = setTimeout(() => send(child.pid, "SIGKILL"), graceMs);
    void child.status.finally(() => clearTimeout(timer));
  };
}

function send(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** A program that stops reading tells why by its exit code; input that fails must not pass for its end. */
async function feed(
  stdin: ByteStream | undefined,
  child: Deno.ChildProcess,
  fail: (error: unknown) => void,
): Promise<void> {
  if (stdin === undefined) return;
  const writer = child.stdin.getWriter();
  const reader = stdin.getReader();
  void child.status.then(() => reader.cancel().catch(() => {}));
  for (;;) {
    const next = await reader.read().catch((error) => void fail(error));
    if (next === undefined) break;
    const written = await (next.done ? writer.close() : writer.write(next.value))
      .then(() => !next.done, () => false);
    if (!written) break;
  }
  await writer.abort().catch(() => {});
  await reader.cancel().catch(() => {});
}

/** The stream, which ends only when `done` resolves, and fails when it rejects. */
function endingWith(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  done: Promise<void>,
  onCancel: () => void,
): ByteStream {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read();
      if (!next.done) return controller.enqueue(next.value);
      await done;
      controller.close();
    },
    async cancel(reason) {
      onCancel();
      await reader.cancel(reason);
      await done.catch(() => {});
    },
  }, { highWaterMark: 0 });
}
