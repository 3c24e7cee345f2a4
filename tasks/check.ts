/** The whole static gate. */
import { ExitCode } from "../lib/core/errors.ts";
import { command, examples, run } from "./shared/cli.ts";

const cli = examples(
  command("check", "The static gate: format, lint, layers, types, documentation, file lengths"),
  ["deno task check", "deno task check --json"],
);

await run(cli, async (options, context) => {
  const { checkSteps } = await import("./shared/check/steps.ts");
  const started = context.now();
  const findings: { step: string; finding: string }[] = [];
  for (const step of checkSteps) {
    context.emit({ type: "stage", stage: step.name, state: "started" });
    const found = await step.run(context.signal);
    findings.push(...found.map((finding) => ({ step: step.name, finding })));
    context.emit({
      type: "stage",
      stage: step.name,
      state: found.length === 0 ? "done" : "failed",
    });
  }
  for (const [index, { step, finding }] of findings.entries()) {
    if (options.json) context.print(JSON.stringify({ type: "finding", step, finding }));
    else if (step === findings[index - 1]?.step) context.print(finding);
    else context.print(`\n${step}:\n${finding}`);
  }
  context.emit({
    type: "summary",
    passed: checkSteps.length - new Set(findings.map(({ step }) => step)).size,
    failed: new Set(findings.map(({ step }) => step)).size,
    durationMs: context.now().since(started).total("milliseconds"),
  });
  return findings.length === 0 ? ExitCode.done : ExitCode.failed;
});
