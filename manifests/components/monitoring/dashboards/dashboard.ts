import type { Dashboard, DashboardPanel } from "../../../../lib/platform/types.ts";
import { clusterRows } from "./cluster.ts";
import { costRows } from "./costs.ts";
import { databaseRows } from "./databases.ts";
import { arrange, type GrafanaPanel, type Row } from "./panel.ts";
import { requestRows } from "./requests.ts";

/** A dashboard as Grafana reads it. Source: grafana/grafana, kinds/dashboard. */
export interface GrafanaDashboard {
  /** Its address ends with this. */
  uid: string;
  /** Title. */
  title: string;
  /** Words by which it is found. */
  tags: string[];
  /** Version of the form, which Grafana brings up to date by itself. */
  schemaVersion: number;
  /** Whose clock times are shown in. */
  timezone: "browser";
  /** How often it asks anew. */
  refresh: string;
  /** What is shown at first. */
  time: { from: string; to: string };
  /** Rows and panels. */
  panels: GrafanaPanel[];
}

/** A dashboard of a platform as Grafana reads it; the same dashboard always gives the same. */
export function dashboardOf(name: string, dashboard: Dashboard): GrafanaDashboard {
  return {
    uid: name,
    title: dashboard.title,
    tags: ["slipway"],
    schemaVersion: 39,
    timezone: "browser",
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: arrange(rowsOf(dashboard)),
  };
}

function rowsOf(dashboard: Dashboard): Row[] {
  const { clusterOverview, requests, databases = [], costs, panels } = dashboard;
  return [
    ...(clusterOverview === undefined ? [] : clusterRows()),
    ...(requests === undefined ? [] : requestRows(requests)),
    ...databases.flatMap(databaseRows),
    ...(costs === undefined ? [] : costRows(costs)),
    ...(panels === undefined ? [] : [ownRow(dashboard.title, panels)]),
  ];
}

function ownRow(title: string, panels: Readonly<Record<string, DashboardPanel>>): Row {
  return {
    title,
    panels: Object.entries(panels).map(([panel, options]) => ({
      kind: options.kind ?? "graph",
      title: panel,
      unit: options.unit ?? "short",
      queries: [{ expression: options.expression, legend: options.legend }],
    })),
  };
}
