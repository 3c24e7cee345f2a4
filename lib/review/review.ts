import { closest } from "../core/closest.ts";
import type { Manifest } from "../core/object.ts";
import { refOf, subjectOf } from "../core/object.ts";
import { matchesObject } from "../core/object_pattern.ts";
import type { Platform, Silence } from "../platform/types.ts";
import type { Finding, Rule } from "./finding.ts";
import { allRules } from "./rules/all.ts";
import { viewOf } from "./view.ts";

/** A finding that the platform file silences. */
export interface SilencedFinding extends Finding {
  /** Why it is meant. */
  meant: string;
}

/** What a review has found. */
export interface Review {
  /** What is to be told; errors come first. */
  findings: Finding[];
  /** What the platform file silences. */
  silenced: SilencedFinding[];
  /** Silences that silence nothing. */
  idle: IdleSilence[];
}

/** A silence that silences nothing. */
export interface IdleSilence extends Silence {
  /** Why it does not, without a final period. */
  idle: string;
}

/** Look for all that the rules know among the objects of a platform. */
export function review(
  manifests: readonly Manifest[],
  platform: Platform,
  rules: readonly Rule[] = allRules,
): Review {
  const view = viewOf(manifests, platform);
  const all = rules.flatMap(({ name, severity, check }) =>
    check(view).map((complaint): Finding => ({ rule: name, severity, ...complaint }))
  );
  const { silenced: silences } = platform;
  const silenceOf = (finding: Finding) =>
    silences.find(({ rule, object }) =>
      rule === finding.rule && matchesObject(object, finding.object)
    );
  const used = new Set(all.map(silenceOf));
  return {
    findings: all.filter((finding) => silenceOf(finding) === undefined)
      .sort((a, b) => rank(a) - rank(b)),
    silenced: all.flatMap((finding) => {
      const silence = silenceOf(finding);
      return silence === undefined ? [] : [{ ...finding, meant: silence.because }];
    }),
    idle: silences.filter((silence) => !used.has(silence))
      .map((silence) => ({ ...silence, idle: whyIdle(silence, manifests, rules) })),
  };
}

function rank({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}

function whyIdle(
  { rule, object }: Silence,
  manifests: readonly Manifest[],
  rules: readonly Rule[],
): string {
  const names = rules.map(({ name }) => name);
  if (!names.includes(rule)) {
    const guess = closest(rule, names);
    return `there is no rule ${rule}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
  }
  const named = manifests.filter((manifest) => matchesObject(object, refOf(manifest)));
  if (named.length === 0) return `no object is named ${object}`;
  return named.length === 1
    ? `the rule has nothing against ${subjectOf(refOf(named[0]!))}`
    : `the rule has nothing against any of ${named.length} objects`;
}
