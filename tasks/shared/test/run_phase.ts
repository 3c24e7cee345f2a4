import { projectFolder } from "../project.ts";
import { type Counts, countTests } from "./counts.ts";
import type { Phase } from "./phases.ts";

/** How to run the tests of a phase. */
export interface RunOptions {
  /** Run only tests whose name holds this, or matches it when written `/…/`. */
  filter?: string;
  /** Show what the tests print while they run. */
  isShown: boolean;
  /** Ends the run. */
  signal: AbortSignal;
}

/** Each cluster wants a core and 600 MiB, and spends half of its time waiting. */
const clustersAtOnce = 2;

/** Run the tests of one phase by `deno test`, and count them. Types are left to `deno task check`. */
export async function runPhase(phase: Phase, options: RunOptions): Promise<Counts> {
  const report = await Deno.makeTempFile({ prefix: "slipway-tests-", suffix: ".xml" });
  try {
    const output = options.isShown ? "inherit" : "null";
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--quiet",
        "--allow-all",
        "--no-check",
        `--junit-path=${report}`,
        "--parallel",
        ...(options.filter === undefined ? [] : [`--filter=${options.filter}`]),
        ...phase.files,
      ],
      cwd: projectFolder,
      env: phase.needsCluster ? { DENO_JOBS: String(clustersAtOnce) } : {},
      stdin: "null",
      stdout: output,
      stderr: output,
      signal: options.signal,
    }).output();
    options.signal.throwIfAborted();
    const text = await Deno.readTextFile(report);
    return countTests(text === "" ? undefined : text, code);
  } finally {
    await Deno.remove(report);
  }
}
