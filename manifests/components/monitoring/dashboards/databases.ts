import type { MonitoredDatabase } from "../../../../lib/platform/types.ts";
import { databaseMetrics } from "../database_metrics.ts";
import { graph, number, type Panel, type Row } from "./panel.ts";

/** State and work of a kind of database. */
export function databaseRows(database: MonitoredDatabase): Row[] {
  const { title, up, lagSeconds } = databaseMetrics[database];
  return [{
    title,
    panels: [
      number(`${title} servers that answer`, "short", `sum(${up})`),
      number(`${title} replication lag`, "s", `max(${lagSeconds})`),
      ...panels[database],
    ],
  }];
}

/** Sources: as of {@linkcode databaseMetrics}. */
const panels: Record<MonitoredDatabase, Panel[]> = {
  mongodb: [
    number("Connections", "short", 'sum(mongodb_ss_connections{conn_type="current"})'),
    number("Resident memory", "bytes", "1024 * 1024 * sum(mongodb_ss_mem_resident)"),
    graph("Operations", "ops", {
      expression: "sum by (legacy_op_type) (rate(mongodb_ss_opcounters[$__rate_interval]))",
      legend: "{{legacy_op_type}}",
    }),
    graph("Lag by member", "s", {
      expression: databaseMetrics.mongodb.lagSeconds,
      legend: "{{set}} {{member_idx}}",
    }),
  ],
  redis: [
    number("Clients", "short", "sum(redis_connected_clients)"),
    number("Keys", "short", "sum(redis_db_keys)"),
    graph("Commands", "ops", {
      expression: "sum by (pod) (rate(redis_commands_processed_total[$__rate_interval]))",
      legend: "{{pod}}",
    }),
    graph("Hits", "percent", {
      expression: "100 * sum by (pod) (rate(redis_keyspace_hits_total[$__rate_interval])) / " +
        "(sum by (pod) (rate(redis_keyspace_hits_total[$__rate_interval])) + " +
        "sum by (pod) (rate(redis_keyspace_misses_total[$__rate_interval])))",
      legend: "{{pod}}",
    }),
    graph("Memory", "bytes", {
      expression: "sum by (pod) (redis_memory_used_bytes)",
      legend: "{{pod}}",
    }),
    graph("Evicted keys", "ops", {
      expression: "sum by (pod) (rate(redis_evicted_keys_total[$__rate_interval]))",
      legend: "{{pod}}",
    }),
  ],
  postgres: [
    number("Connections", "short", "sum(pg_stat_activity_count)"),
    number(
      "Size of all databases",
      "bytes",
      "sum(max by (namespace, datname) (pg_database_size_bytes))",
    ),
    graph("Transactions", "ops", {
      expression:
        "sum by (namespace, datname) (rate(pg_stat_database_xact_commit[$__rate_interval]) + " +
        "rate(pg_stat_database_xact_rollback[$__rate_interval]))",
      legend: "{{namespace}}/{{datname}}",
    }),
    graph("Read from cache", "percent", {
      expression:
        "100 * sum by (namespace, datname) (rate(pg_stat_database_blks_hit[$__rate_interval])) / " +
        "(sum by (namespace, datname) (rate(pg_stat_database_blks_hit[$__rate_interval])) + " +
        "sum by (namespace, datname) (rate(pg_stat_database_blks_read[$__rate_interval])))",
      legend: "{{namespace}}/{{datname}}",
    }),
    graph("Connections by state", "short", {
      expression: "sum by (state) (pg_stat_activity_count)",
      legend: "{{state}}",
    }),
    graph("Lag by pod", "s", {
      expression: databaseMetrics.postgres.lagSeconds,
      legend: "{{namespace}}/{{pod}}",
    }),
  ],
};
