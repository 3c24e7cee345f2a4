import { Option } from "@commander-js/extra-typings";
import { command, examples, run } from "./cli.ts";
import type { Host } from "./host.ts";
import { type TaskTable, valueOf } from "./option_table.ts";
import type { TableAction } from "./table_action.ts";

/** Run a task with a table of options by commander, which knows what to say of help and of mistakes. */
export async function runByCommander(
  table: TaskTable,
  action: TableAction<unknown>,
  host: Host,
): Promise<void> {
  const cli = examples(command(table.name, table.summary), table.examples);
  const { rest } = table;
  if (rest !== undefined) cli.argument(rest.flags, rest.about);
  for (const row of table.options) {
    const option = new Option(row.flags, row.about);
    if (row.choices !== undefined) option.choices(row.choices);
    if (row.many) option.argParser((value: string, before) => valueOf(row, value, before));
    if (row.otherwise !== undefined) option.default(row.otherwise);
    cli.addOption(option);
  }
  const untyped = async (options: unknown, ...more: unknown[]) => {
    const values = rest === undefined ? [] : more[0] as string[];
    return await action(options as never, values, more.at(-1) as never);
  };
  await run(cli, untyped as never, host);
}
