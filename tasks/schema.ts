/** Write the JSON Schema of platform files. */
import { ExitCode } from "../lib/core/errors.ts";
import { command, examples, run } from "./shared/cli.ts";
import { projectFile } from "./shared/project.ts";

const cli = examples(
  command("schema", "Write the JSON Schema of platform files, by which editors complete and check")
    .option("--check", "write nothing; exit with 5 when the file is not what it should be"),
  ["deno task schema", "deno task schema --check"],
);

await run(cli, async (options, context) => {
  const { platformSchemaPath, platformSchemaText } = await import(
    "../lib/flows/platform_schema.ts"
  );
  const file = projectFile(platformSchemaPath);
  const wanted = await platformSchemaText();
  const found = await Deno.readTextFile(file).catch(() => undefined);
  const isCurrent = found === wanted;
  if (!isCurrent && !options.check) await Deno.writeTextFile(file, wanted);
  context.emit({ type: "summary", file: platformSchemaPath, state: stateOf(isCurrent, options) });
  return isCurrent || !options.check ? ExitCode.done : ExitCode.differences;
});

function stateOf(isCurrent: boolean, options: { check?: true }): string {
  if (isCurrent) return "unchanged";
  return options.check ? "out of date" : "written";
}
