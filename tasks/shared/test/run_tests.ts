import type { Context } from "../../../lib/core/context.ts";
import { ExitCode, UsageError } from "../../../lib/core/errors.ts";
import { projectPaths } from "../project.ts";
import { sumCounts } from "./counts.ts";
import { testPhases } from "./phases.ts";
import { prepareCluster } from "./prepare_cluster.ts";
import { runPhase } from "./run_phase.ts";

/** Which tests to run. */
export interface TestRequest {
  /** Test files or folders, from the project's folder; all when there is none. */
  paths: readonly string[];
  /** The live tests, in place of all others. */
  live: boolean;
  /** Only tests whose name holds this text, or matches it when `/…/`. */
  filter?: string;
  /** Show what the tests print. */
  isShown: boolean;
}

/**
 * Run tests phase by phase, and sum what passed and failed.
 *
 * @throws {UsageError} when no test is meant
 */
export async function runTests(request: TestRequest, context: Context): Promise<ExitCode> {
  const { paths, live, filter, isShown } = request;
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
    results.push(await runPhase(phase, { filter, isShown, signal: context.signal }));
  }
  const { passed, failed, ignored } = sumCounts(results);
  if (passed + failed + ignored === 0) {
    throw new UsageError(`Ran no test: no name matches ${filter}`, { remedy: "mend --filter" });
  }
  context.emit({ type: "summary", passed, failed, ignored });
  return failed === 0 ? ExitCode.done : ExitCode.failed;
}
