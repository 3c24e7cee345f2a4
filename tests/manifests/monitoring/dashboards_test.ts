import assert from "node:assert/strict";
import type { GrafanaPanel } from "../../../manifests/components/monitoring/dashboards/panel.ts";
import { dashboardOf } from "../../../manifests/components/monitoring/dashboards/dashboard.ts";
import { render } from "../../../manifests/components/render.ts";
import { dashboardsOf } from "./dashboards.ts";
import { watchedPlatform } from "./platforms.ts";

function expressionsOf(panels: readonly GrafanaPanel[]): string[] {
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

Deno.test("panels of a dashboard lie beside each other, never over each other", async () => {
  for (const { title, panels } of dashboardsOf(render(await watchedPlatform()))) {
    const taken = new Set<string>();
    for (const { title: panel, gridPos: { x, y, w, h } } of panels) {
      assert.ok(x + w <= 24, `${title}: ${panel} ends in column ${x + w}`);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          assert.ok(!taken.has(`${column} ${row}`), `${title}: ${panel} lies over another`);
          taken.add(`${column} ${row}`);
        }
      }
    }
  }
});

Deno.test("panels have numbers of their own, and queries letters of their own", async () => {
  for (const { panels } of dashboardsOf(render(await watchedPlatform()))) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const { targets = [] } of panels) {
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
    }
  }
});

Deno.test("each dashboard is in a ConfigMap of its own, with its name as its address", async () => {
  const dashboards = dashboardsOf(render(await watchedPlatform()));
  assert.deepEqual(
    dashboards.map(({ uid, title }) => [uid, title]).sort(),
    [
      ["business", "Business Metrics"],
      ["cluster", "Cluster Overview"],
      ["costs", "Infrastructure Costs"],
      ["databases", "Database Performance"],
      ["engine", "Engine API Metrics"],
    ],
  );
});

Deno.test("an overview shows nodes, pods, volumes and certificates of the cluster", () => {
  const { panels } = dashboardOf("cluster", { title: "Cluster", clusterOverview: true });
  const all = expressionsOf(panels).join("\n");
  for (
    const metric of [
      "kube_node_status_condition",
      "kube_pod_status_phase",
      "node_cpu_seconds_total",
      "node_memory_MemAvailable_bytes",
      "node_filesystem_avail_bytes",
      "node_network_receive_bytes_total",
      "kubelet_volume_stats_available_bytes",
      "certmanager_certificate_expiration_timestamp_seconds",
    ]
  ) assert.ok(all.includes(metric), metric);
});

Deno.test("metrics of requests show rate, errors and duration by the labels that are given", () => {
  const { panels } = dashboardOf("api", {
    title: "API",
    requests: {
      histogram: "api_seconds",
      statusLabel: "code",
      routeLabel: "path",
      labels: { job: "api" },
    },
  });
  const expressions = expressionsOf(panels);
  assert.ok(
    expressions.includes('sum by (path) (rate(api_seconds_count{job="api"}[$__rate_interval]))'),
  );
  assert.ok(
    expressions.some((expression) => expression.includes('{job="api", code=~"5.."}')),
  );
  assert.ok(
    expressions.includes(
      'histogram_quantile(0.95, sum by (le) (rate(api_seconds_bucket{job="api"}[$__rate_interval])))',
    ),
  );
});

Deno.test("costs are what is requested at the prices that are given", () => {
  const { panels } = dashboardOf("costs", {
    title: "Costs",
    costs: { currency: "USD", cpuCoreMonth: 7.5, memoryGibMonth: 1.5, storageGibMonth: 0.1 },
  });
  const cpu = panels.find(({ title }) => title === "CPU")!;
  assert.match(
    cpu.targets![0]!.expr,
    /kube_pod_container_resource_requests\{resource="cpu"\}\) \* 7\.5/,
  );
  assert.equal(cpu.fieldConfig!.defaults.unit, "currencyUSD");
});

Deno.test("own panels keep their order, expression, legend and unit", () => {
  const { panels } = dashboardOf("own", {
    title: "Own",
    panels: {
      Second: { expression: "b", unit: "ops", legend: "{{route}}" },
      First: { expression: "a", kind: "number" },
    },
  });
  assert.deepEqual(
    panels.map(({ title, type, fieldConfig }) => [title, type, fieldConfig?.defaults.unit]),
    [["Own", "row", undefined], ["Second", "timeseries", "ops"], ["First", "stat", "short"]],
  );
  assert.deepEqual(panels[1]!.targets, [{ refId: "A", expr: "b", legendFormat: "{{route}}" }]);
});
