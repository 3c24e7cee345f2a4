/** Measure Slipway against the tools that people use in its place. */
import { InvalidArgumentError } from "commander";
import type { Part } from "../tests/bench/measure.ts";
import { command, examples, run } from "./shared/cli.ts";

const partNames: readonly Part[] = [
  ...["apply", "start", "help", "render", "seal"] as const,
  ...["backup", "backup-memory"] as const,
];

const cli = examples(
  command(
    "bench",
    "Measure against kubectl, helm, kubeseal and pg_dump, on a cluster, a Postgres and a MinIO of its own,\n" +
      "which are removed afterwards. docs/benchmarks.md tells what is measured, and how to read it.",
  )
    .option("--runs <count>", "runs that count, after one that does not", runCount, 5)
    .option("--only <parts>", `some of ${partNames.join(", ")}`, chosenParts, partNames)
    .option("--out <file>", "where the figures of all runs go, as JSON", "bench-results.json"),
  [
    "deno task bench",
    "deno task bench --only apply --runs 9",
    "deno task bench --only backup,backup-memory    # in TMPDIR, which needs 10 GB",
    "deno task bench --json --out /tmp/figures.json",
  ],
);

await run(cli, async ({ runs, only, out, json }, context) => {
  const { resolve } = await import("node:path");
  const { bench } = await import("../tests/bench/bench.ts");
  const { machineLine } = await import("../tests/bench/machine.ts");
  const { figureTable } = await import("../tests/bench/report.ts");
  const began = context.now();
  const file = resolve(context.cwd, out);
  // Parts take long: what one has found is there, whatever becomes of the next.
  const result = await bench({ runs, only }, context, async (soFar, added) => {
    await Deno.writeTextFile(file, `${JSON.stringify(soFar, undefined, 2)}\n`);
    if (!json) return;
    for (const figure of added) context.print(JSON.stringify({ type: "figure", ...figure }));
  });
  if (!json) context.emit(figureTable(result.figures));
  const machine = machineLine(result.machine);
  if (!json) context.print(`\n${machine}`);
  const wanted = result.figures.filter(({ met }) => met !== undefined);
  context.emit({
    type: "summary",
    figures: result.figures.length,
    met: wanted.filter(({ met }) => met).length,
    notMet: wanted.filter(({ met }) => !met).length,
    file,
    durationMs: Math.round(context.now().since(began).total("milliseconds")),
  });
});

function runCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 100) {
    throw new InvalidArgumentError("wanted a number from 1 to 100");
  }
  return count;
}

function chosenParts(text: string): readonly Part[] {
  const chosen = text.split(",").map((part) => part.trim());
  const known = partNames.filter((part) => chosen.includes(part));
  if (known.length !== new Set(chosen).size) {
    throw new InvalidArgumentError(`wanted some of ${partNames.join(", ")}, joined by commas`);
  }
  return known;
}
