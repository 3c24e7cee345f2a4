import { by, exactly, series } from "../promql.ts";
import type { Conditions } from "./condition.ts";

/** Conditions of requests, by what applications themselves measure. */
export const requestConditions: Conditions<"errorRate" | "latency"> = {
  errorRate: ({ requests, statusLabel, labels, by: each, abovePercent }) => {
    const rate = (matchers: Record<string, string>) =>
      `sum${by(each)} (rate(${series(requests, matchers)}[5m]))`;
    const matchers = exactly(labels);
    return {
      expression: `100 * ${rate({ ...matchers, [statusLabel]: '=~"5.."' })} / ${
        rate(matchers)
      } > ${abovePercent}`,
      summary: `{{ $value | printf "%.1f" }} % of requests${named(each)} end in an error`,
      description: `The share of ${requests} with status 500 and above is over ${abovePercent} %`,
    };
  },

  latency: ({ histogram, quantile, labels, by: each = [], aboveSeconds }) => ({
    expression: `histogram_quantile(${quantile}, sum${by(["le", ...each])} (rate(${
      series(`${histogram}_bucket`, exactly(labels))
    }[5m]))) > ${aboveSeconds}`,
    summary: `One in ${oneIn(quantile)} requests${
      named(each)
    } takes over {{ $value | printf "%.1f" }} s`,
    description: `The ${quantile} quantile of ${histogram} is over ${aboveSeconds} s`,
  }),
};

function named(labels: readonly string[] = []): string {
  return labels.map((label) => ` of {{ $labels.${label} }}`).join("");
}

/** 0.95 leaves one in 20. */
function oneIn(quantile: number): number {
  return Math.round(1 / (1 - quantile));
}
