import type { TableEvent } from "../../lib/core/events.ts";
import { formatBytes, formatDuration } from "../../lib/core/units.ts";
import type { Figure, Series } from "./measure.ts";

/** All figures as one table for people. */
export function figureTable(figures: readonly Figure[]): TableEvent {
  return {
    type: "table",
    title: "Measured",
    columns: ["What", "Median", "Min", "Max", "Runs", "Wanted"],
    rows: figures.map((figure) => [
      figure.name,
      ...[figure.median, figure.min, figure.max].map((value) => shown(value, figure.unit)),
      String(figure.values.length),
      wantedText(figure),
    ]),
  };
}

function wantedText({ wanted, unit, met }: Figure): string {
  if (wanted === undefined) return "";
  const bound = "atMost" in wanted
    ? `at most ${shown(wanted.atMost, unit)}`
    : `at least ${shown(wanted.atLeast, unit)}`;
  return `${bound}: ${met ? "met" : "not met"}`;
}

function shown(value: number, unit: Series["unit"]): string {
  switch (unit) {
    case "ms":
      return value < 10 ? `${value.toFixed(1)} ms` : formatDuration(value);
    case "bytes":
      return formatBytes(value);
    case "bytes/s":
      return `${formatBytes(value)}/s`;
    case "times":
      return `${value.toFixed(1)} times`;
  }
}
