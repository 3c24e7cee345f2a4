import type { PanelUnit } from "../../../../lib/platform/types.ts";
import { dataSourceIds } from "../data_sources.ts";

/** A panel before it has its place. */
export interface Panel {
  /** A graph over time, one number, or a table of the newest values. */
  kind: "graph" | "number" | "table";
  /** Title. */
  title: string;
  /** How values are shown. */
  unit: PanelUnit;
  /** What is asked of Prometheus. */
  queries: readonly Query[];
}

/** A question to Prometheus. */
export interface Query {
  /** PromQL expression. */
  expression: string;
  /** What each series is called, such as `{{node}}`. */
  legend?: string;
}

/** Panels under a common title. */
export interface Row {
  /** Title. */
  title: string;
  /** The panels, in reading order. */
  panels: readonly Panel[];
}

/** Panel of a dashboard, as far as it is set here. Source: grafana/grafana, kinds/dashboard. */
export interface GrafanaPanel {
  /** Number of its own within the dashboard. */
  id: number;
  /** Which plugin draws it. */
  type: "timeseries" | "stat" | "table" | "row";
  /** Title. */
  title: string;
  /** Place on a grid of 24 columns. */
  gridPos: GridPosition;
  /** Where its data comes from. */
  datasource?: { type: string; uid: string };
  /** Its queries. */
  targets?: GrafanaTarget[];
  /** How values are shown. */
  fieldConfig?: { defaults: { unit: string; min?: number }; overrides: [] };
  /** Settings of the plugin. */
  options?: Record<string, unknown>;
  /** Whether a row hides its panels. */
  collapsed?: boolean;
}

/** Place on a grid of 24 columns. */
export interface GridPosition {
  /** Column of the left edge. */
  x: number;
  /** Row of the upper edge. */
  y: number;
  /** Width. */
  w: number;
  /** Height. */
  h: number;
}

/** A query of a panel. */
export interface GrafanaTarget {
  /** Letter of its own within the panel. */
  refId: string;
  /** PromQL expression. */
  expr: string;
  /** What each series is called; Grafana's own name when absent. */
  legendFormat?: string;
  /** Only the newest value. */
  instant?: boolean;
  /** Shape of the answer. */
  format?: "table";
}

/** A graph over time. */
export function graph(title: string, unit: PanelUnit, ...queries: Query[]): Panel {
  return { kind: "graph", title, unit, queries };
}

/** One number. */
export function number(title: string, unit: PanelUnit, expression: string): Panel {
  return { kind: "number", title, unit, queries: [{ expression }] };
}

/** A table of the newest values. */
export function table(title: string, unit: PanelUnit, expression: string): Panel {
  return { kind: "table", title, unit, queries: [{ expression }] };
}

const columns = 24;

const sizes = { graph: { w: 12, h: 8 }, number: { w: 6, h: 4 }, table: { w: 12, h: 8 } };

/** Rows one below the other, their panels from left to right and line by line. */
export function arrange(rows: readonly Row[]): GrafanaPanel[] {
  const placed: GrafanaPanel[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
    });
    y += 1;
    let [x, tallest] = [0, 0];
    for (const panel of panels) {
      const { w, h } = sizes[panel.kind];
      if (x + w > columns) [x, y, tallest] = [0, y + tallest, 0];
      placed.push(panelOf(panel, placed.length + 1, { x, y, w, h }));
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return placed;
}

const types = { graph: "timeseries", number: "stat", table: "table" } as const;

const options = {
  graph: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
  number: {
    reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
    colorMode: "value",
    graphMode: "area",
  },
  table: { showHeader: true },
};

function panelOf(panel: Panel, id: number, gridPos: GridPosition): GrafanaPanel {
  return {
    id,
    type: types[panel.kind],
    title: panel.title,
    gridPos,
    datasource: { type: "prometheus", uid: dataSourceIds.prometheus },
    targets: panel.queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      expr: expression,
      legendFormat: legend,
      ...(panel.kind === "table" ? { instant: true, format: "table" as const } : {}),
    })),
    fieldConfig: {
      defaults: { unit: panel.unit, ...(panel.kind === "graph" ? { min: 0 } : {}) },
      overrides: [],
    },
    options: options[panel.kind],
  };
}
