import { denoHost, type Host } from "./host.ts";
import { createLateRenderer } from "./late_renderer.ts";
import { readArguments, type TaskTable } from "./option_table.ts";
import { type AnyAction, outcome } from "./outcome.ts";
import type { TableAction } from "./table_action.ts";

/**
 * Run a task whose options are a table, and end the process with the right exit code: as `run()` does, only that
 * commander is not loaded for a command line that is plain and correct, which halves the time to start.
 *
 * @example
 * ```ts
 * await runTable<{ force?: true }>(table, async (options, rest, context) => { … });
 * ```
 */
export async function runTable<O>(
  table: TaskTable,
  action: TableAction<O>,
  host: Host = denoHost(),
): Promise<void> {
  const read = readArguments(table, host.args);
  if (read === undefined) {
    const { runByCommander } = await import(
      new URL("./table_command.ts", import.meta.url).href
    ) as typeof import("./table_command.ts");
    return await runByCommander(table, action as TableAction<unknown>, host);
  }
  const { options, rest } = read;
  const call = { action: action as AnyAction, options, values: [rest] };
  host.exit(await outcome(`deno task ${table.name}`, () => call, host, createLateRenderer));
}
