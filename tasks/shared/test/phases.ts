import { UsageError } from "../../../lib/core/errors.ts";

/** Test files that are run together. */
export interface Phase {
  /** What the files have in common. */
  name: string;
  /** Paths from the project's folder, in the order in which they start. */
  files: string[];
  /** Whether they need a real cluster; then two files run at once, else as many as there are cores. */
  needsCluster: boolean;
}

/** Which tests are run when none is chosen: all but the live ones, or these alone. */
export interface PhaseOptions {
  /** Run the live tests. */
  live?: boolean;
}

/** Where the tests are that need a real cluster. */
const clusterFolder = "tests/e2e/";

/** Where the tests are that need systems which take long to build, beside a real cluster. */
const liveFolder = "tests/live/";

/** What takes longest, longest first: started late, the others would have ended and cores be idle. */
const startFirst: readonly string[] = [
  "tests/tasks/cli_test.ts",
  "tests/e2e/bootstrap_kill_test.ts",
  "tests/e2e/tenants_test.ts",
  "tests/e2e/platforms_test.ts",
  "tests/e2e/faults_test.ts",
  "tests/e2e/bootstrap_test.ts",
  "tests/e2e/backup_faults_test.ts",
  "tests/e2e/cluster_test.ts",
];

/**
 * The phases of a test run, without empty ones: first what needs no cluster, then what needs one.
 *
 * @throws {UsageError} when a chosen path is no test file and no folder with tests
 */
export function testPhases(
  allFiles: readonly string[],
  chosen: readonly string[],
  { live = false }: PhaseOptions = {},
): Phase[] {
  const testFiles = allFiles.filter((file) => file.startsWith(liveFolder) === live);
  for (const path of chosen) {
    if (testFiles.some((file) => isWithin(file, path))) continue;
    throw new UsageError(
      `Cannot run the tests of ${path}: no test file has this path or is below it`,
      {
        remedy: "name a test file or a folder, from the project's folder, such as tests/kube",
      },
    );
  }
  const meant = testFiles.filter((file) =>
    chosen.length === 0 || chosen.some((path) => isWithin(file, path))
  );
  const files = [
    ...startFirst.filter((file) => meant.includes(file)),
    ...meant.filter((file) => !startFirst.includes(file)),
  ];
  const needsCluster = (file: string) => live || file.startsWith(clusterFolder);
  const phases: Phase[] = [
    {
      name: "Unit tests",
      files: files.filter((file) => !needsCluster(file)),
      needsCluster: false,
    },
    {
      name: live ? "Live tests" : "End-to-end tests",
      files: files.filter(needsCluster),
      needsCluster: true,
    },
  ];
  return phases.filter((phase) => phase.files.length > 0);
}

function isWithin(file: string, path: string): boolean {
  const clean = path.replace(/^\.\//, "").replace(/\/$/, "");
  return file === clean || file.startsWith(`${clean}/`);
}
