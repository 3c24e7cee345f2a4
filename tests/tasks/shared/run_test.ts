import assert from "node:assert/strict";
import { ExitCode, SlipwayError } from "../../../lib/core/errors.ts";
import {
  command,
  dryRunOption,
  examples,
  on,
  run,
  subcommand,
  targetOptions,
  yesOption,
} from "../../../tasks/shared/cli.ts";
import type { Host } from "../../../tasks/shared/host.ts";
import { fakeScreen } from "../../ui/fakes.ts";

function fakeHost(args: string[], overrides: Partial<Host> = {}) {
  const stdout = fakeScreen();
  const stderr = fakeScreen();
  const codes: number[] = [];
  const host: Host = {
    args,
    env: () => undefined,
    cwd: "/home/ana",
    stdout,
    stderr,
    isInteractive: false,
    ask: () => Promise.reject(new Error("nobody asked for a question")),
    askSecret: () => Promise.reject(new Error("nobody asked for a secret")),
    onInterrupt: () => () => {},
    exit: (code) => void codes.push(code),
    ...overrides,
  };
  return { host, stdout, stderr, codes };
}

Deno.test("run() gives options, arguments and context to the action, and ends with 0", async () => {
  const { host, codes } = fakeHost([
    "a",
    "b",
    "--platform",
    "shop",
    "--timeout",
    "5m",
    "--dry-run",
  ]);
  const cli = dryRunOption(targetOptions(command("demo", "Demo"))).argument("[names...]");
  const calls: unknown[] = [];
  await run(cli, (options, names, context) => {
    calls.push(options, names, context.cwd);
    return Promise.resolve();
  }, host);
  assert.deepEqual(calls, [
    { platform: "shop", timeout: 300_000, dryRun: true },
    ["a", "b"],
    "/home/ana",
  ]);
  assert.deepEqual(codes, [0]);
});

Deno.test("run() ends with the exit code that the action returns", async () => {
  const { host, codes } = fakeHost([]);
  await run(command("demo", "Demo"), () => Promise.resolve(ExitCode.differences), host);
  assert.deepEqual(codes, [5]);
});

Deno.test("run() tells an error with its remedy and ends with its exit code", async () => {
  const { host, codes, stderr, stdout } = fakeHost([]);
  await run(command("demo", "Demo"), (_, context) => {
    context.emit({ type: "stage", stage: "Apply", state: "started" });
    throw new SlipwayError("Cannot do it", { remedy: "do this", exitCode: ExitCode.partly });
  }, host);
  assert.deepEqual(codes, [3]);
  assert.equal(stdout.text, "");
  assert.match(
    stderr.text,
    /^Apply \.\.\.\nApply: stopped after .*\nerror: Cannot do it\n {2}remedy: do this\n$/,
  );
});

Deno.test("run() hides where an error comes from until --verbose is given", async () => {
  const fail = () => {
    throw new TypeError("x is not a function", { cause: new Error("inner") });
  };
  const quiet = fakeHost([]);
  await run(command("demo", "Demo"), fail, quiet.host);
  assert.deepEqual(quiet.codes, [1]);
  assert.equal(
    quiet.stderr.text,
    "error: x is not a function: inner\n" +
      "  remedy: run it again with --verbose to see where this comes from\n",
  );
  const verbose = fakeHost(["--verbose"]);
  await run(command("demo", "Demo"), fail, verbose.host);
  assert.match(verbose.stderr.text, /run_test\.ts:\d+/);
  assert.match(verbose.stderr.text, /Caused by: Error: inner/);
});

Deno.test("run() keeps secrets out of errors, stacks and results", async () => {
  const { host, stderr, stdout } = fakeHost(["--verbose", "--json"]);
  await run(command("demo", "Demo"), (_, context) => {
    context.redactor.add("s3cr3t");
    context.print(JSON.stringify({ token: "s3cr3t" }));
    throw new Error("denied: s3cr3t", { cause: new Error("s3cr3t again") });
  }, host);
  assert.doesNotMatch(stdout.text + stderr.text, /s3cr3t/);
  assert.match(stdout.text, /denied: \*{8}/);
});

const cutOff = {
  "the platform": new DOMException("The signal has been aborted", "AbortError"),
  "a library": Object.assign(new Error("Request aborted"), { name: "AbortError" }),
};
for (const [whose, error] of Object.entries(cutOff)) {
  Deno.test(`an abort that cuts off a request of ${whose} is told by what caused it`, async () => {
    const { host, codes, stderr } = fakeHost(["--timeout", "1ms"]);
    await run(command("demo", "Demo"), async (_, context) => {
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      throw error;
    }, host);
    assert.deepEqual(codes, [4]);
    assert.match(stderr.text, /^error: Not done after 1 ms/);
  });
}

Deno.test("an interrupted run ends with 130, and says that it was understood", async () => {
  let interrupt = () => {};
  const { host, codes, stderr } = fakeHost([], {
    onInterrupt(listener) {
      interrupt = listener;
      return () => {};
    },
  });
  await run(command("demo", "Demo"), (_, context) => {
    interrupt();
    context.signal.throwIfAborted();
    return Promise.resolve();
  }, host);
  assert.deepEqual(codes, [130]);
  assert.match(stderr.text, /interrupted, ending in order/);
});

Deno.test("confirm() takes --yes for an answer, and does not ask", async () => {
  const { host, codes } = fakeHost(["--yes"]);
  await run(yesOption(command("demo", "Demo")), async (_, context) => {
    assert.equal(await context.confirm("Delete it?"), true);
  }, host);
  assert.deepEqual(codes, [0]);
});

Deno.test("confirm() without a terminal is wrong usage that names --yes", async () => {
  const { host, codes, stderr } = fakeHost([]);
  await run(yesOption(command("demo", "Demo")), async (_, context) => {
    await context.confirm("Delete it?");
  }, host);
  assert.deepEqual(codes, [2]);
  assert.match(stderr.text, /Cannot ask "Delete it\?".*\n {2}remedy: add --yes/);
});

Deno.test("confirm() on a terminal passes the answer on, and Ctrl-C there ends the run", async () => {
  for (const [answer, code] of [[true, 0], [false, 1], [undefined, 130]] as const) {
    const { host, codes } = fakeHost([], {
      isInteractive: true,
      ask: () => Promise.resolve(answer),
    });
    await run(yesOption(command("demo", "Demo")), async (_, context) => {
      return await context.confirm("Delete it?") ? ExitCode.done : ExitCode.failed;
    }, host);
    assert.deepEqual(codes, [code]);
  }
});

Deno.test("confirm() tells the terminal what has to be typed", async () => {
  const asked: (string | undefined)[] = [];
  const { host, codes } = fakeHost([], {
    isInteractive: true,
    ask: (_, typed) => {
      asked.push(typed);
      return Promise.resolve(true);
    },
  });
  await run(yesOption(command("demo", "Demo")), async (_, context) => {
    assert.equal(await context.confirm("Replace it?", "shop"), true);
  }, host);
  assert.deepEqual([asked, codes], [["shop"], [0]]);
});

Deno.test("askSecret() passes the answer on, and hides it from then on", async () => {
  const { host, codes, stderr } = fakeHost([], {
    isInteractive: true,
    askSecret: () => Promise.resolve("swordfish"),
  });
  await run(command("demo", "Demo"), async (_, context) => {
    const secret = await context.askSecret("Share 1 of 3", "name a file with --share-file");
    assert.equal(secret, "swordfish");
    context.emit({ type: "note", level: "info", message: `it is ${secret}` });
  }, host);
  assert.deepEqual(codes, [0]);
  assert.match(stderr.text, /it is \*{8}/);
});

Deno.test("askSecret() without a terminal is wrong usage with the caller's remedy, and Ctrl-C ends the run", async () => {
  const ask = async (overrides: Partial<Host>) => {
    const { host, codes, stderr } = fakeHost([], overrides);
    await run(command("demo", "Demo"), async (_, context) => {
      await context.askSecret("Share 1 of 3", "name a file with --share-file");
    }, host);
    return { codes, text: stderr.text };
  };
  const refused = await ask({});
  assert.deepEqual(refused.codes, [2]);
  assert.match(
    refused.text,
    /Cannot ask "Share 1 of 3".*\n {2}remedy: name a file with --share-file/,
  );
  const interrupted = await ask({
    isInteractive: true,
    askSecret: () => Promise.resolve(undefined),
  });
  assert.deepEqual(interrupted.codes, [130]);
});

Deno.test("run() calls the subcommand that was named, with its own options", async () => {
  const { host, codes } = fakeHost(["down", "--name", "demo"]);
  const cli = command("cluster", "Clusters");
  const calls: unknown[] = [];
  for (const name of ["up", "down"]) {
    cli.addCommand(on(subcommand(name, name).option("--name <name>"), (options) => {
      calls.push([name, options.name]);
      return Promise.resolve();
    }));
  }
  await run(cli, undefined, host);
  assert.deepEqual([calls, codes], [[["down", "demo"]], [0]]);
});

Deno.test("a command that needs a subcommand says so when there is none", async () => {
  const { host, codes, stderr } = fakeHost([]);
  const cli = command("cluster", "Clusters");
  cli.addCommand(on(subcommand("up", "Start"), () => Promise.resolve()));
  await run(cli, undefined, host);
  assert.deepEqual(codes, [2]);
  assert.match(stderr.text, /^error: Wrong usage: deno task cluster needs to be told what to do\n/);
});

Deno.test("help goes to standard output with its examples, and runs nothing", async () => {
  const { host, codes, stdout, stderr } = fakeHost(["--help"]);
  const cli = examples(command("demo", "Do a demonstration"), [
    "deno task demo",
    "deno task demo -v",
  ]);
  await run(cli, () => Promise.reject(new Error("was run")), host);
  assert.deepEqual([codes, stderr.text], [[0], ""]);
  assert.match(stdout.text, /^Usage: deno task demo \[options\]\n\nDo a demonstration\n/);
  assert.ok(stdout.text.endsWith("\nExamples:\n  deno task demo\n  deno task demo -v\n"));
});
