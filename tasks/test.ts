/** All tests: what needs no cluster first, then end to end on the embedded cluster; or the live ones. */
import { ExitCode, UsageError } from "../lib/core/errors.ts";
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  command("test", "All tests: unit tests first, then end to end on the embedded cluster")
    .argument("[paths...]", "test files or folders; all tests when none is named")
    .option("--live", "instead, those that need systems which take long to build, such as Traefik")
    .option("--filter <text>", "only tests whose name holds this text, or matches it when /…/"),
  [
    "deno task test",
    "deno task test tests/kube",
    'deno task test --filter "prune() leaves"',
  ],
);

await run(cli, async ({ filter, json, live = false }, paths, context) => {
  const { projectPaths } = await import("./shared/project.ts");
  const { testPhases } = await import("./shared/test/phases.ts");
  const { runPhase } = await import("./shared/test/run_phase.ts");
  const { sumCounts } = await import("./shared/test/counts.ts");
  const { prepareCluster } = await import("./shared/test/prepare_cluster.ts");

  const phases = testPhases(await projectPaths(["tests"], "_test.ts"), paths, { live });
  const needsCluster = phases.some((phase) => phase.needsCluster);
  const prepared = needsCluster ? prepareCluster(context, { live }) : undefined;
  const results = [];
  for (const phase of phases) {
    const failure = phase.needsCluster ? await prepared?.finish() : undefined;
    if (failure !== undefined) {
      context.emit(failure);
      results.push({ passed: 0, failed: phase.files.length, ignored: 0 });
      continue;
    }
    const count = phase.files.length === 1 ? "1 file" : `${phase.files.length} files`;
    context.emit({ type: "note", level: "info", message: `${phase.name}: ${count}` });
    results.push(await runPhase(phase, { filter, isShown: !json, signal: context.signal }));
  }
  const { passed, failed, ignored } = sumCounts(results);
  if (passed + failed + ignored === 0) {
    throw new UsageError(`Ran no test: no name matches ${filter}`, { remedy: "mend --filter" });
  }
  context.emit({ type: "summary", passed, failed, ignored });
  return failed === 0 ? ExitCode.done : ExitCode.failed;
});
