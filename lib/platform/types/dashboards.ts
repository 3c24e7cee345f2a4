import type { MonitoredDatabase } from "./alerts.ts";

/** A dashboard of Grafana: at least one part, one below the other in the order of these properties. */
export interface Dashboard {
  /** Title. */
  title: string;
  /** Nodes, pods and resources of the cluster. */
  clusterOverview?: true;
  /** Rate, errors and duration of an application's requests (RED). */
  requests?: RequestMetrics;
  /** State and work of databases. */
  databases?: MonitoredDatabase[];
  /** What the cluster costs, by namespace. */
  costs?: Prices;
  /** Panels of the platform's own, by title. */
  panels?: Record<string, DashboardPanel>;
}

/** Metrics of an application's requests. */
export interface RequestMetrics {
  /** Histogram in seconds, without `_bucket`, such as `http_request_duration_seconds`. */
  histogram: string;
  /** Label with the HTTP status. @default status */
  statusLabel: string;
  /** Label with the endpoint. @default route */
  routeLabel: string;
  /** Values that labels must have. */
  labels?: Record<string, string>;
}

/** A panel. */
export interface DashboardPanel {
  /** PromQL expression; `$__rate_interval` and `$__range` are Grafana's. */
  expression: string;
  /** What each series is called, such as `{{route}}`. */
  legend?: string;
  /** How values are shown. Source: Grafana, standard units. @default short */
  unit?: PanelUnit;
  /** A graph over time, one number, or a table. @default graph */
  kind?: "graph" | "number" | "table";
}

/** Units of Grafana by their ids. Source: grafana/grafana, packages/grafana-data valueFormats. */
export type PanelUnit =
  | "short"
  | "percent"
  | "percentunit"
  | "s"
  | "ms"
  | "bytes"
  | "Bps"
  | "reqps"
  | "ops"
  | "cores"
  | "currencyEUR"
  | "currencyUSD";

/** What resources cost in a month of 730 hours. */
export interface Prices {
  /** Currency of the prices. */
  currency: "EUR" | "USD";
  /** One CPU core, in a month. */
  cpuCoreMonth: number;
  /** One GiB of memory, in a month. */
  memoryGibMonth: number;
  /** One GiB of storage, in a month. */
  storageGibMonth: number;
}
