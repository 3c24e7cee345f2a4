import { inventoryId } from "../../../../lib/core/labels.ts";
import { clusterJobs } from "../../../../lib/platform/backups.ts";
import type { Manifest } from "../../../../lib/core/object.ts";
import type { Alert, AlertConditions, Platform } from "../../../../lib/platform/types.ts";
import { define } from "../../manifest.ts";
import type { PrometheusRule } from "../../types.ts";
import { applicationConditions } from "./applications.ts";
import type { Condition, Conditions, Surroundings } from "./condition.ts";
import { databaseConditions } from "./databases.ts";
import { nodeConditions } from "./nodes.ts";
import { requestConditions } from "./requests.ts";
import { systemConditions } from "./systems.ts";

/** All conditions that alerts can have. */
export const conditions: Conditions<keyof AlertConditions> = {
  ...applicationConditions,
  ...requestConditions,
  ...databaseConditions,
  ...nodeConditions,
  ...systemConditions,
};

/** The condition of an alert: its kind, and what it becomes in Prometheus. */
export function conditionOf(
  alert: Alert,
  surroundings: Surroundings,
): Condition & { kind: keyof AlertConditions } {
  const kind = kindOf(alert);
  return { kind, ...made(kind, alert, surroundings) };
}

/** Which condition an alert has. */
export function kindOf(alert: Alert): keyof AlertConditions {
  return (Object.keys(conditions) as (keyof AlertConditions)[])
    .find((kind) => alert[kind] !== undefined)!;
}

function made<Kind extends keyof AlertConditions>(
  kind: Kind,
  alert: AlertConditions,
  surroundings: Surroundings,
): Condition {
  return conditions[kind](alert[kind]!, surroundings);
}

/** A PrometheusRule with all alerts of a platform; none when there are no alerts. */
export function alertRules(platform: Platform): Manifest[] {
  const { monitoring } = platform;
  if (monitoring === undefined || Object.keys(monitoring.alerts).length === 0) return [];
  const surroundings = surroundingsOf(platform);
  return [define<PrometheusRule>({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      name: monitoring.shared === true ? `alerts-${inventoryId(platform)}` : "alerts",
      namespace: monitoring.namespace,
    },
    spec: {
      groups: [{
        name: `${platform.name}.alerts`,
        rules: Object.entries(monitoring.alerts).map(([name, alert]) => {
          const { expression, summary, description } = conditionOf(alert, surroundings);
          return {
            alert: name,
            expr: expression,
            for: alert.for,
            labels: { severity: alert.severity },
            annotations: {
              summary,
              description,
              ...(alert.runbook === undefined ? {} : { runbook_url: alert.runbook }),
            },
          };
        }),
      }],
    },
  })];
}

/** What alerts need to know of their platform. */
export function surroundingsOf(platform: Platform): Surroundings {
  const { namespaces, backups } = platform;
  return {
    namespaces: Object.entries(namespaces)
      .filter(([, { existing }]) => existing !== true)
      .map(([name]) => name),
    backupCronJobs: Object.keys(clusterJobs(backups)),
    backupScope: `${platform.name}-${platform.environment}`,
  };
}
