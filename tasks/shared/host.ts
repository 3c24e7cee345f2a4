import { type Screen, standardError, standardOutput } from "../../lib/ui/screen.ts";
import { secretPrompt } from "./secret_prompt.ts";

/** The world around a task, as far as tasks touch it. */
export interface Host {
  /** What was typed after the task's name. */
  args: readonly string[];
  /** The value of an environment variable; undefined also where the permission set does not grant it. */
  env: (name: string) => string | undefined;
  /** The folder that the task was called from. */
  cwd: string;
  /** Standard output. */
  stdout: Screen;
  /** Standard error. */
  stderr: Screen;
  /** Whether somebody can answer questions. */
  isInteractive: boolean;
  /** Ask a question, whose yes is `typed` where that is given; undefined when it was interrupted. */
  ask: (question: string, typed?: string) => Promise<boolean | undefined>;
  /** Ask for a secret, of which nothing is shown while it is typed; undefined when it was interrupted. */
  askSecret: (question: string) => Promise<string | undefined>;
  /** Call `listener` at SIGINT and SIGTERM; the returned function ends that. */
  onInterrupt: (listener: () => void) => () => void;
  /** End the process. */
  exit: (code: number) => void;
}

/** The world as Deno gives it. */
export function denoHost(): Host {
  keepLoopbackDirect();
  return hostOf(Deno.args, (name) => Deno.env.get(name));
}

/**
 * The world of a task that may not read its environment: what it needs of that stands before its arguments, as
 * `HOME=/home/ana INIT_CWD=/srv --`, where deno.json's command puts it.
 */
export function hostWithoutEnvironment(): Host {
  const end = Deno.args.indexOf("--");
  const given = Deno.args.slice(0, Math.max(0, end)).map((arg) => /^([A-Z_]+)=(.*)$/s.exec(arg));
  const isGiven = end >= 0 && given.every((match) => match !== null);
  const env = new Map(isGiven ? given.map((match) => [match![1]!, match![2]!] as const) : []);
  // A variable that is not set arrives as an empty one.
  return hostOf(
    isGiven ? Deno.args.slice(end + 1) : Deno.args,
    (name) => env.get(name) || undefined,
  );
}

function hostOf(args: readonly string[], env: Host["env"]): Host {
  const stderr = standardError();
  return {
    args,
    env,
    // `deno task` changes into the folder of deno.json and tells here where it came from.
    cwd: env("INIT_CWD") ?? Deno.cwd(),
    stdout: standardOutput(),
    stderr,
    isInteractive: Deno.stdin.isTerminal() && stderr.isTerminal,
    async ask(question, typed) {
      const { $ } = await import("dax");
      if (typed !== undefined) {
        const answer = await $.maybePrompt({
          message: `${question} Type ${typed} to go on:`,
          noClear: true,
        });
        return answer === undefined ? undefined : answer === typed;
      }
      return await $.maybeConfirm({ message: question, default: false, noClear: true });
    },
    askSecret: secretPrompt(Deno.stdin, stderr.write),
    onInterrupt(listener) {
      const signals = ["SIGINT", "SIGTERM"] as const;
      for (const signal of signals) Deno.addSignalListener(signal, listener);
      return () => {
        for (const signal of signals) Deno.removeSignalListener(signal, listener);
      };
    },
    exit: (code) => Deno.exit(code),
  };
}

/** Where a proxy is configured, Deno sends even loopback through it, and no proxy reaches the embedded cluster. */
function keepLoopbackDirect(): void {
  const proxies = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
  ];
  if (proxies.every((name) => !Deno.env.get(name))) return;
  const listed = Deno.env.get("NO_PROXY") ?? Deno.env.get("no_proxy") ?? "";
  const direct = [...new Set([...listed.split(","), "127.0.0.1", "localhost"])].filter((host) =>
    host !== ""
  );
  Deno.env.set("NO_PROXY", direct.join(","));
}
