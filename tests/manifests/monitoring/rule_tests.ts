import type { Manifest } from "../../../lib/core/object.ts";
import type { Alert, AlertConditions, Platform } from "../../../lib/platform/types.ts";
import {
  kindOf,
  surroundingsOf,
} from "../../../manifests/components/monitoring/alerts/catalogue.ts";
import {
  type AlertCase,
  alertCases,
  type Course,
  type Occasion,
  type Series,
} from "./alert_cases.ts";

/** A test file for `promtool test rules`. Source: Prometheus, "Unit testing for rules". */
export interface RuleTests {
  /** Files with the rules. */
  rule_files: string[];
  /** How often rules are evaluated. */
  evaluation_interval: string;
  /** The tests. */
  tests: RuleTest[];
}

/** One situation, and what it leads to. */
export interface RuleTest {
  /** What it is, for messages. */
  name: string;
  /** Time between two values of a series. */
  interval: string;
  /** Metrics over time. */
  input_series: { series: string; values: string }[];
  /** Alerts that are expected. */
  alert_rule_test: {
    eval_time: string;
    alertname: string;
    exp_alerts: { exp_labels: Record<string, string>; exp_annotations: Record<string, string> }[];
  }[];
}

/** Rates look back 15 minutes at most, and alerts need one more evaluation to fire. */
const warmUpMinutes = 20;

/** What tests one alert. */
export interface AlertTests {
  /** Name of the alert. */
  alert: string;
  /** Its rule alone, so that no test has to evaluate all of them. */
  rules: RuleGroups;
  /** Its tests. */
  tests: RuleTests;
}

/** Tests by which each alert of a platform fires, and stays silent. */
export function ruleTestsOf(platform: Platform, { groups }: RuleGroups): AlertTests[] {
  const surroundings = surroundingsOf(platform);
  const rules = groups.flatMap((group) => group.rules);
  return Object.entries(platform.monitoring?.alerts ?? {}).map(([name, alert]) => {
    const rule = rules.find((candidate) => candidate.alert === name)!;
    const minutes = minutesOf(alert.for) + warmUpMinutes;
    const situation = caseOf(alert, {
      now: minutes * 60,
      namespace: surroundings.namespaces[0] ?? "none",
      backupCronJobs: surroundings.backupCronJobs,
      backupScope: surroundings.backupScope,
    });
    // A description without templates says the same in each situation.
    const description = situation.description ?? rule.annotations?.description ?? "";
    return {
      alert: name,
      rules: { groups: [{ name, rules: [rule] }] },
      tests: {
        rule_files: [`${name}.rules.yaml`],
        evaluation_interval: "1m",
        tests: testsOf(name, alert, { ...situation, description }, minutes),
      },
    };
  });
}

function testsOf(
  name: string,
  alert: Alert,
  situation: Required<AlertCase>,
  minutes: number,
): RuleTest[] {
  const test = (what: string, series: Series, at: number, fires: boolean): RuleTest => ({
    name: `${name} ${what}`,
    interval: "1m",
    input_series: Object.entries(series).map(([metric, course]) => ({
      series: metric,
      values: valuesOf(course, minutes),
    })),
    alert_rule_test: [{
      eval_time: `${at}m`,
      alertname: name,
      exp_alerts: fires
        ? [{
          exp_labels: { severity: alert.severity, ...situation.labels },
          exp_annotations: {
            summary: situation.summary,
            description: situation.description,
            ...(alert.runbook === undefined ? {} : { runbook_url: alert.runbook }),
          },
        }]
        : [],
    }],
  });
  return [
    test("fires", situation.fires, minutes, true),
    test("waits before it fires", situation.fires, minutesOf(alert.for) - 1, false),
    ...Object.entries(situation.silent).map(([what, series]) =>
      test(`is silent when ${what}`, series, minutes, false)
    ),
  ];
}

/** The rules among rendered objects, as promtool reads them. */
export function rulesOf(manifests: readonly Manifest[]): RuleGroups {
  return {
    groups: manifests
      .filter(({ kind }) => kind === "PrometheusRule")
      .flatMap((manifest) => (manifest as unknown as { spec: RuleGroups }).spec.groups),
  };
}

/** A file with rules. Source: Prometheus, "Alerting rules". */
export interface RuleGroups {
  /** Groups that are evaluated together. */
  groups: { name: string; rules: RuleText[] }[];
}

/** A rule. */
export interface RuleText {
  /** Name, of an alert. */
  alert?: string;
  /** Name, of a recorded series. */
  record?: string;
  /** PromQL expression. */
  expr: string;
  /** What it says. */
  annotations?: Record<string, string>;
}

function caseOf(alert: Alert, occasion: Occasion): AlertCase {
  const kind = kindOf(alert);
  return made(kind, alert, occasion);
}

function made<Kind extends keyof AlertConditions>(
  kind: Kind,
  alert: AlertConditions,
  occasion: Occasion,
): AlertCase {
  const build = alertCases[kind] as (
    options: NonNullable<AlertConditions[Kind]>,
    occasion: Occasion,
  ) => AlertCase;
  return build(alert[kind]!, occasion);
}

function valuesOf(course: Course, minutes: number): string {
  return typeof course === "number" ? `${course}+0x${minutes}` : `0+${course.perMinute}x${minutes}`;
}

const minutesIn: Record<string, number> = { s: 1 / 60, m: 1, h: 60 };

/** Whole minutes of a duration such as 90s or 1h30m. */
function minutesOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  return Math.ceil(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * minutesIn[unit!]!, 0),
  );
}
