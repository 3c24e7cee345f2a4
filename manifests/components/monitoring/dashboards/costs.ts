import type { Prices } from "../../../../lib/platform/types.ts";
import { graph, number, type Row, table } from "./panel.ts";

const gib = "1024 / 1024 / 1024";

/** What the cluster costs in a month at given prices, by what is requested, and how much of that is used. */
export function costRows(prices: Prices): Row[] {
  const unit = `currency${prices.currency}` as const;
  const cpu = `sum by (namespace) (kube_pod_container_resource_requests{resource="cpu"}) * ` +
    prices.cpuCoreMonth;
  const memory =
    `sum by (namespace) (kube_pod_container_resource_requests{resource="memory"}) / ${gib} * ` +
    prices.memoryGibMonth;
  const storage =
    `sum by (namespace) (kube_persistentvolumeclaim_resource_requests_storage_bytes) / ${gib} * ` +
    prices.storageGibMonth;
  // A label of its own keeps the three apart, which would else be one series.
  const part = (expression: string, of: string) =>
    `label_replace(${expression}, "of", "${of}", "", "")`;
  const each = `(${part(cpu, "cpu")} or ${part(memory, "memory")} or ${part(storage, "storage")})`;
  const legend = "{{namespace}}";
  return [
    {
      title: "Costs in a month",
      panels: [
        number("All", unit, `sum(${each})`),
        number("CPU", unit, `sum(${cpu})`),
        number("Memory", unit, `sum(${memory})`),
        number("Storage", unit, `sum(${storage})`),
        graph("By namespace", unit, { expression: `sum by (namespace) (${each})`, legend }),
        table("Dearest namespaces", unit, `sort_desc(sum by (namespace) (${each}))`),
      ],
    },
    {
      title: "What is paid and not used",
      panels: [
        graph("CPU used of what is requested", "percent", {
          expression: "100 * sum by (namespace) " +
            '(rate(container_cpu_usage_seconds_total{container!=""}[$__rate_interval])) / ' +
            'sum by (namespace) (kube_pod_container_resource_requests{resource="cpu"})',
          legend,
        }),
        graph("Memory used of what is requested", "percent", {
          expression:
            '100 * sum by (namespace) (container_memory_working_set_bytes{container!=""}) / ' +
            'sum by (namespace) (kube_pod_container_resource_requests{resource="memory"})',
          legend,
        }),
        number(
          "Nodes' CPU that nobody requests",
          unit,
          '(sum(kube_node_status_allocatable{resource="cpu"}) - ' +
            `sum(kube_pod_container_resource_requests{resource="cpu"})) * ${prices.cpuCoreMonth}`,
        ),
        number(
          "Nodes' memory that nobody requests",
          unit,
          '(sum(kube_node_status_allocatable{resource="memory"}) - ' +
            `sum(kube_pod_container_resource_requests{resource="memory"})) / ${gib} * ${prices.memoryGibMonth}`,
        ),
      ],
    },
  ];
}
