/** Print the objects of a platform; no cluster is asked. */
import { command, dryRunOption, examples, run, targetOptions } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(targetOptions(command(
    "render",
    "Print the objects of a platform as YAML, or with --json one object a line. No cluster is\n" +
      "asked: the options that choose one are there so that all tasks take the same.",
  ))),
  [
    "deno task render",
    "deno task -q render --env production > rendered.yaml",
    "deno task -q render --json | wc -l",
  ],
);

await run(cli, async ({ json, ...request }, context) => {
  const { renderPlatform, toYaml } = await import("../lib/flows/render.ts");
  const { manifests } = await renderPlatform(request, context);
  if (!json) return context.print((await toYaml(manifests)).trimEnd());
  for (const manifest of manifests) context.print(JSON.stringify(manifest));
});
