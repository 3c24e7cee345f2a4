import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import type { TableEvent } from "../core/events.ts";
import { subjectOf } from "../core/object.ts";
import type { Finding } from "../review/finding.ts";
import { type Review, review } from "../review/review.ts";
import { allRules } from "../review/rules/all.ts";
import type { RenderedPlatform } from "./render/render.ts";

/** Which findings are no reason to refuse. */
export interface ReviewOptions {
  /** Secrets that are not sealed yet are met by placeholders. @default false */
  placeholders?: boolean;
}

/** Rule that placeholders meet. */
const unsealed = "unsealed-secret";

/**
 * Tell all that rules find among rendered objects, and refuse where one is an error.
 *
 * @throws {UsageError} naming each error
 */
export function tellFindings(
  { platform, manifests }: RenderedPlatform,
  options: ReviewOptions,
  { emit }: Pick<Context, "emit">,
): void {
  const { findings, idle } = review(manifests, platform);
  refuseErrors(findings, platform, options);
  for (const finding of combined(findings)) {
    emit({
      type: "note",
      level: "warning",
      message: `${finding.line} (${finding.rule})`,
      remedy: finding.remedy,
    });
  }
  for (const silence of idle) {
    emit({
      type: "note",
      level: "warning",
      message: `silenced: ${silence.rule} for ${silence.object} silences nothing: ${silence.idle}`,
      remedy: "take it out of the platform file, or correct it",
    });
  }
}

/**
 * Count what rules find before a platform goes to a cluster, and refuse where it is an error.
 *
 * @throws {UsageError} naming each error
 */
export function countFindings(
  { platform, manifests }: RenderedPlatform,
  options: ReviewOptions,
  { emit }: Pick<Context, "emit">,
): void {
  const found = review(manifests, platform);
  refuseErrors(found.findings, platform, options);
  const message = countsText(found);
  if (message === undefined) return;
  emit({
    type: "note",
    level: "info",
    message: `the review of all objects has ${message}`,
    remedy: "read them with `deno task render`",
  });
}

/** All rules, with what they are about. */
export function rulesTable(): TableEvent {
  return {
    type: "table",
    title: "Rules that rendered objects are reviewed by",
    columns: ["Rule", "Severity", "What holds"],
    rows: allRules.map(({ name, severity, summary }) => [name, severity, summary]),
  };
}

function countsText({ findings, silenced, idle }: Review): string | undefined {
  const warnings = findings.length + idle.length;
  if (warnings === 0) return undefined;
  return `${warnings} ${warnings === 1 ? "warning" : "warnings"}` +
    (silenced.length === 0 ? "" : `, and ${silenced.length} silenced`);
}

function refuseErrors(
  findings: readonly Finding[],
  { name, environment }: RenderedPlatform["platform"],
  { placeholders = false }: ReviewOptions,
): void {
  const errors = findings.filter(({ severity, rule }) =>
    severity === "error" && !(placeholders && rule === unsealed)
  );
  if (errors.length === 0) return;
  const remedies = [...new Set(errors.map(({ remedy }) => remedy))];
  throw new UsageError(
    `Cannot deliver ${name} for ${environment}: ${errors.length} ${
      errors.length === 1 ? "finding refuses" : "findings refuse"
    } it\n` + errors.map((finding) => `  ${lineOf(finding)} (${finding.rule})`).join("\n"),
    {
      remedy: `${remedies.slice(0, 3).join("; or ")}; what is meant can be named under ` +
        "`silenced` in the platform file, with the reason",
    },
  );
}

/** More of one rule than this are told together: whoever reads them sees one thing, not a screen of it. */
const mostOfOneRule = 5;

/** Findings as they are told: many of one rule with one remedy become one line, which names the first of them. */
function combined(findings: readonly Finding[]): { line: string; rule: string; remedy: string }[] {
  const groups = Map.groupBy(findings, ({ rule, remedy }) => `${rule}\n${remedy}`);
  return [...groups.values()].flatMap((same) => {
    if (same.length <= mostOfOneRule) {
      return same.map((finding) => ({ ...finding, line: lineOf(finding) }));
    }
    const [first, ...more] = same as [Finding, ...Finding[]];
    return [{
      ...first,
      line: `${lineOf(first)}; and ${more.length} more: ${
        more.map(({ object }) => subjectOf(object)).join(", ")
      }`,
    }];
  });
}

function lineOf({ object, because }: Finding): string {
  return `${subjectOf(object)}: ${because}`;
}
