/** Print the objects of a platform, or write them as a tree of files; no cluster is asked. */
import { command, dryRunOption, examples, run, targetOptions } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(targetOptions(command(
    "render",
    "Print the objects of a platform as YAML, or with --json one object a line. No cluster is\n" +
      "asked: the options that choose one are there so that all tasks take the same.",
  )))
    .option("--out <dir>", "write one file for each object into this folder, for Argo CD to sync")
    .option("--dns", "list the DNS records that the platform needs, in place of objects")
    .option("--flows [file.svg]", "tell who may connect to whom, or draw it, in place of objects")
    .option("--placeholders", "render secrets that are not sealed yet with marked placeholders"),
  [
    "deno task render",
    "deno task -q render --env production > rendered.yaml",
    "deno task -q render --json | wc -l",
    "deno task render --env production --out rendered/production",
    "deno task render --dns",
    "deno task render --flows",
    "deno task render --flows flows.svg",
  ],
);

/** Each output is one branch, which calls the one flow that makes it. */
await run(cli, async ({ json, out, dns, flows, dryRun, placeholders, ...request }, context) => {
  const { renderPlatform, toYaml } = await import("../lib/flows/render.ts");
  const rendered = await renderPlatform(request, context);
  if (dns) {
    const { dnsRecords, dnsTable } = await import("../lib/flows/render_dns.ts");
    if (!json) return context.emit(dnsTable(rendered));
    for (const record of dnsRecords(rendered)) context.print(JSON.stringify(record));
    return;
  }
  const { tellConcerns } = await import("../lib/flows/render_concerns.ts");
  tellConcerns(rendered, { placeholders }, context);

  if (out !== undefined) {
    const { renderTree } = await import("../lib/flows/render_tree.ts");
    return await renderTree(rendered, { folder: out, dryRun }, context);
  }
  if (flows !== undefined) {
    const { drawFlows, flowsRecords, flowsText } = await import("../lib/flows/render_flows.ts");
    if (typeof flows === "string") {
      return await drawFlows(rendered, { file: flows, dryRun }, context);
    }
    if (!json) return context.print(await flowsText(rendered));
    for (const record of await flowsRecords(rendered)) context.print(JSON.stringify(record));
    return;
  }
  if (json) {
    for (const manifest of rendered.manifests) context.print(JSON.stringify(manifest));
    return;
  }
  context.print((await toYaml(rendered.manifests)).trimEnd());
});
