/** Tests with systems that take long to build, such as Traefik. */
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  command("test:live", "Tests with systems that take long to build, such as Traefik")
    .argument(
      "[paths...]",
      "test files or folders below tests/live; all of them when none is named",
    )
    .option("--filter <text>", "only tests whose name holds this text, or matches it when /…/"),
  ["deno task test:live", "deno task test:live tests/live/traefik_test.ts"],
);

await run(cli, async ({ filter, json }, paths, context) => {
  const { runTests } = await import("./shared/test/run_tests.ts");
  return await runTests({ paths, filter, live: true, isShown: !json }, context);
});
