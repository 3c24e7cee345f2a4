/** The parts of deno.json that describe tasks. */
export interface DenoConfig {
  /** Tasks by name. */
  tasks: Record<string, string | { description?: string; command?: string }>;
  /** Permission sets by name. */
  permissions: Record<string, unknown>;
  /** Lint settings. */
  lint?: { plugins?: readonly string[] };
}

/**
 * What is wrong with the tasks of deno.json: each has a description, runs a file that
 * exists, and does so with a permission set that exists. The layer rules must be on.
 */
export function taskProblems(config: DenoConfig, taskFiles: readonly string[]): string[] {
  const problems = Object.entries(config.tasks).flatMap(([name, task]) => {
    const { description, command = "" } = typeof task === "string" ? { command: task } : task;
    const file = /\btasks\/\S+\.ts\b/.exec(command)?.[0];
    const set = /\s-P=(\S+)/.exec(command)?.[1];
    return [
      ...(description === undefined ? ["has no description"] : []),
      ...(file === undefined || !taskFiles.includes(file)
        ? [`runs ${file ?? "no file of tasks/"}, which does not exist`]
        : []),
      ...(set === undefined ? ["runs without a permission set"] : []),
      ...(set === undefined || set in config.permissions
        ? []
        : [`runs with the permission set ${set}, which does not exist`]),
    ].map((problem) => `deno.json: the task ${name} ${problem}`);
  });
  return config.lint?.plugins?.includes("./lint/layers.ts")
    ? problems
    : [...problems, "deno.json: the lint plugin ./lint/layers.ts is not on"];
}
