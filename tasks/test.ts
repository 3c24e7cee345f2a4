/** Unit tests first, then end to end on the embedded cluster. */
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  command("test", "Unit tests first, then end-to-end tests on the embedded cluster")
    .argument("[paths...]", "test files or folders; all tests but the live ones when none is named")
    .option("--filter <text>", "only tests whose name holds this text, or matches it when /…/"),
  [
    "deno task test",
    "deno task test tests/kube",
    'deno task test --filter "prune() leaves"',
  ],
);

await run(cli, async ({ filter, json }, paths, context) => {
  const { runTests } = await import("./shared/test/run_tests.ts");
  return await runTests({ paths, filter, live: false, isShown: !json }, context);
});
