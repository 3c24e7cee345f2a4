/** How many tests passed and failed. */
export interface Counts {
  /** Tests, and steps of tests, that passed. */
  passed: number;
  /** Tests, and steps of tests, that failed. */
  failed: number;
  /** Tests that were not run because they say so themselves. */
  ignored: number;
}

/**
 * The counts of a JUnit report as `deno test --junit-path` writes it. A file that cannot be
 * loaded is in no report and shows only in the exit code, so an exit code that the report does
 * not explain counts as one failure.
 */
export function countTests(report: string | undefined, exitCode: number): Counts {
  const counts: Counts = { passed: 0, failed: 0, ignored: 0 };
  for (const [suite] of (report ?? "").matchAll(/<testsuite\s[^>]*>/g)) {
    const number = (name: string) =>
      Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number("failures") + number("errors");
    counts.failed += failed;
    counts.ignored += number("disabled");
    counts.passed += number("tests") - failed - number("disabled");
  }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return { passed: sum("passed"), failed: sum("failed"), ignored: sum("ignored") };
}
