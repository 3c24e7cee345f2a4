import type { AlertConditions } from "../../../../lib/platform/types.ts";

/** What a condition becomes in Prometheus. */
export interface Condition {
  /** PromQL expression; the alert is about each series that it gives. */
  expression: string;
  /** One line with what is wrong, as a template. Source: Prometheus, "Alerting rules". */
  summary: string;
  /** What that means for people, and where to look first. */
  description: string;
}

/** What conditions need to know of their platform. */
export interface Surroundings {
  /** The platform's own namespaces. */
  namespaces: readonly string[];
  /** Names of the CronJobs that make its backups. */
  backupCronJobs: readonly string[];
  /** What its backups belong to in their stores: platform and environment. */
  backupScope: string;
}

/** Makes conditions of one kind. */
export type ConditionOf<Kind extends keyof AlertConditions> = (
  options: NonNullable<AlertConditions[Kind]>,
  surroundings: Surroundings,
) => Condition;

/** Makes conditions of some kinds. */
export type Conditions<Kinds extends keyof AlertConditions> = {
  [Kind in Kinds]: ConditionOf<Kind>;
};
