import type { MonitoredDatabase } from "../../../lib/platform/types.ts";

/** What a kind of database is called, and how its exporter tells of it. */
export interface DatabaseMetrics {
  /** Name as people write it. */
  title: string;
  /** Is 1 as long as the exporter reaches the database. */
  up: string;
  /** How far each replica is behind, in seconds. */
  lagSeconds: string;
}

/**
 * Source: percona/mongodb_exporter (collectors diagnosticdata and replicasetstatus),
 * oliver006/redis_exporter, prometheus-community/postgres_exporter (collector replication),
 * and CloudNativePG, "Monitoring".
 */
export const databaseMetrics: Readonly<Record<MonitoredDatabase, DatabaseMetrics>> = {
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
