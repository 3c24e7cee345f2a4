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
    .option("--file <path>", "print one file for a host, such as haproxy/edge.cfg")
    .option("--capacity", "show what takes how much of the nodes, in place of objects")
    .option("--rules", "list the rules that objects are reviewed by, in place of objects")
    .option("--placeholders", "render secrets that are not sealed yet with marked placeholders"),
  [
    "deno task render",
    "deno task -q render --env production > rendered.yaml",
    "deno task -q render --json | wc -l",
    "deno task render --env production --out rendered/production",
    "deno task -q render --platform glucosync --file haproxy/edge.cfg > haproxy.cfg",
    "deno task render --dns",
    "deno task render --capacity",
    "deno task render --rules",
    "deno task render --flows",
    "deno task render --flows flows.svg",
  ],
);

/** Each output is one branch, which calls the one flow that makes it. */
await run(cli, async ({ json, ...options }, context) => {
  const { renderPlatform, toYaml } = await import("../lib/flows/render/render.ts");
  const { out, dns, flows, file, capacity, rules, dryRun, placeholders, ...request } = options;
  if (rules) {
    const { rulesTable } = await import("../lib/flows/review.ts");
    return context.emit(rulesTable());
  }
  const rendered = await renderPlatform(request, context);
  if (dns) {
    const { dnsRecords, dnsTable } = await import("../lib/flows/render/dns.ts");
    if (!json) return context.emit(dnsTable(rendered));
    for (const record of dnsRecords(rendered)) context.print(JSON.stringify(record));
    return;
  }
  if (flows !== undefined) {
    const { drawFlows, flowsRecords, flowsText } = await import("../lib/flows/render/flows.ts");
    if (typeof flows === "string") {
      return await drawFlows(rendered, { file: flows, dryRun }, context);
    }
    if (!json) return context.print(await flowsText(rendered));
    for (const record of await flowsRecords(rendered)) context.print(JSON.stringify(record));
    return;
  }
  if (capacity) {
    const { showCapacity } = await import("../lib/flows/capacity.ts");
    return showCapacity(rendered, context);
  }
  if (file !== undefined) {
    const { hostFile } = await import("../lib/flows/render/file.ts");
    const text = hostFile(rendered, file);
    return context.print(json ? JSON.stringify({ file, text }) : text.trimEnd());
  }
  const { refuseUnsealed } = await import("../lib/flows/unsealed.ts");
  if (!placeholders) refuseUnsealed(rendered.platform);
  const { tellConcerns } = await import("../lib/flows/render/concerns.ts");
  // With --json standard output is for the objects alone.
  const teller = json && out === undefined ? { emit: () => {} } : context;
  tellConcerns(rendered, teller);
  const { tellFindings } = await import("../lib/flows/review.ts");
  tellFindings(rendered, { placeholders }, teller);
  const { tellCapacity } = await import("../lib/flows/capacity.ts");
  tellCapacity(rendered, teller);
  if (out !== undefined) {
    const { renderTree } = await import("../lib/flows/render/tree.ts");
    return await renderTree(rendered, { folder: out, dryRun }, context);
  }
  if (json) {
    for (const manifest of rendered.manifests) context.print(JSON.stringify(manifest));
    return;
  }
  context.print((await toYaml(rendered.manifests)).trimEnd());
});
