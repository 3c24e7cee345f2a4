import { projectFolder } from "../project.ts";
import { type Counts, countTests } from "./counts.ts";
import { shareIsolates } from "./isolates.ts";
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

/** Each cluster wants most of a core and 1.3 GiB, and spends half of its time waiting. */
const clustersAtOnce = 3;

/** What the programs of a cluster do costs a fourth less time where more garbage may lie about. */
const garbagePercent = 400;

/** Run the tests of one phase by `deno test`, and count them. Types are left to `deno task check`. */
export async function runPhase(phase: Phase, options: RunOptions): Promise<Counts> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-tests-" });
  const report = `${folder}/report.xml`;
  try {
    // Tests with a cluster wait more than they load, and one that takes long must not hold up others.
    const files = phase.needsCluster ? phase.files : await shareIsolates(phase.files, folder);
    const output = options.isShown ? "inherit" : "null";
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--quiet",
        "--allow-all",
        "--config=deno.json",
        "--no-check",
        `--junit-path=${report}`,
        "--parallel",
        ...(options.filter === undefined ? [] : [`--filter=${options.filter}`]),
        ...files,
      ],
      cwd: projectFolder,
      env: phase.needsCluster
        ? { DENO_JOBS: String(clustersAtOnce), GOGC: String(garbagePercent) }
        : {},
      stdin: "null",
      stdout: output,
      stderr: output,
      signal: options.signal,
    }).output();
    options.signal.throwIfAborted();
    return countTests(await readReport(report), code);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The report; undefined when there is none because no test was run. */
async function readReport(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
