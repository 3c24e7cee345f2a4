import type { RequestMetrics } from "../../../../lib/platform/types.ts";
import { exactly, series } from "../promql.ts";
import { graph, number, type Row } from "./panel.ts";

const window = "[$__rate_interval]";

/** Rate, errors and duration of an application's requests. Source: the RED method, as Tom Wilkie describes it. */
export function requestRows(
  { histogram, statusLabel, routeLabel, labels }: RequestMetrics,
): Row[] {
  const matchers = exactly(labels);
  const failed = { ...matchers, [statusLabel]: '=~"5.."' };
  const rate = (of: string, more: Record<string, string>) =>
    `rate(${series(`${histogram}_${of}`, more)}${window})`;
  const quantile = (share: number, by = "") =>
    `histogram_quantile(${share}, sum by (le${by}) (${rate("bucket", matchers)}))`;
  const all = rate("count", matchers);
  const errors = rate("count", failed);
  const legend = `{{${routeLabel}}}`;
  return [
    {
      title: "Requests",
      panels: [
        number("Requests", "reqps", `sum(${all})`),
        // Without any error there is no series to divide, where 0 is meant.
        number("Errors", "percent", `100 * (sum(${errors}) or vector(0)) / sum(${all})`),
        number("Median duration", "s", quantile(0.5)),
        number("95 % take at most", "s", quantile(0.95)),
      ],
    },
    {
      title: "Rate, errors, duration",
      panels: [
        graph("Requests by endpoint", "reqps", {
          expression: `sum by (${routeLabel}) (${all})`,
          legend,
        }),
        graph("Requests by status", "reqps", {
          expression: `sum by (${statusLabel}) (${all})`,
          legend: `{{${statusLabel}}}`,
        }),
        graph("Error rate by endpoint", "percent", {
          expression: `100 * sum by (${routeLabel}) (${errors}) / sum by (${routeLabel}) (${all})`,
          legend,
        }),
        graph(
          "Duration",
          "s",
          { expression: quantile(0.5), legend: "50 %" },
          { expression: quantile(0.95), legend: "95 %" },
          { expression: quantile(0.99), legend: "99 %" },
        ),
        graph("Slowest endpoints, 95 %", "s", {
          expression: `topk(10, ${quantile(0.95, `, ${routeLabel}`)})`,
          legend,
        }),
      ],
    },
  ];
}
