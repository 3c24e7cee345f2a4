import { databaseMetrics } from "../database_metrics.ts";
import type { Conditions } from "./condition.ts";

/** Conditions of databases, by the metrics of their exporters. */
export const databaseConditions: Conditions<"databaseDown" | "replicationLag"> = {
  databaseDown: ({ database }) => {
    const { title, up } = databaseMetrics[database];
    return {
      expression: `${up} == 0`,
      summary: `${title} at {{ $labels.instance }} does not answer its exporter`,
      description: "It is down, or refuses the exporter's credentials",
    };
  },

  replicationLag: ({ database, aboveSeconds }) => {
    const { title, lagSeconds } = databaseMetrics[database];
    return {
      expression: `${lagSeconds} > ${aboveSeconds}`,
      summary: `A replica of ${title} is {{ $value | printf "%.0f" }} s behind`,
      description: "What was written since would be lost if it took over now",
    };
  },
};
