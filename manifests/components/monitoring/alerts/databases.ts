import type { MonitoredDatabase } from "../../../../lib/platform/types.ts";
import type { Conditions } from "./condition.ts";

/** What a kind of database is called, and how its exporters tell of it. */
interface DatabaseMetrics {
  title: string;
  up: string;
  lagSeconds: string;
}

/**
 * Source: percona/mongodb_exporter (collectors diagnosticdata and replicasetstatus),
 * oliver006/redis_exporter, prometheus-community/postgres_exporter (collector replication),
 * and CloudNativePG's own exporter.
 */
const databases: Record<MonitoredDatabase, DatabaseMetrics> = {
  mongodb: {
    title: "MongoDB",
    up: "mongodb_up",
    // Each member's exporter tells of all members; times are in milliseconds.
    lagSeconds:
      '(max by (set) (mongodb_rs_members_optimeDate{member_state="PRIMARY"}) - on (set) ' +
      "group_right () max by (set, member_idx) " +
      '(mongodb_rs_members_optimeDate{member_state="SECONDARY"})) / 1000',
  },
  redis: {
    title: "Redis",
    up: "redis_up",
    lagSeconds: "max by (namespace, pod, slave_ip) (redis_connected_slave_lag_seconds)",
  },
  postgres: {
    title: "PostgreSQL",
    up: "(pg_up or cnpg_collector_up)",
    lagSeconds: "max by (namespace, pod) (pg_replication_lag_seconds or cnpg_pg_replication_lag)",
  },
};

/** Conditions of databases, by the metrics of their exporters. */
export const databaseConditions: Conditions<"databaseDown" | "replicationLag"> = {
  databaseDown: ({ database }) => {
    const { title, up } = databases[database];
    return {
      expression: `${up} == 0`,
      summary: `${title} at {{ $labels.instance }} does not answer its exporter`,
      description: "It is down, or refuses the exporter's credentials",
    };
  },

  replicationLag: ({ database, aboveSeconds }) => {
    const { title, lagSeconds } = databases[database];
    return {
      expression: `${lagSeconds} > ${aboveSeconds}`,
      summary: `A replica of ${title} is {{ $value | printf "%.0f" }} s behind`,
      description: "What was written since would be lost if it took over now",
    };
  },
};
