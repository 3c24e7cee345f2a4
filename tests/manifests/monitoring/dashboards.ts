import type { Manifest } from "../../../lib/core/object.ts";
import type { GrafanaDashboard } from "../../../manifests/components/monitoring/dashboards/dashboard.ts";

/** The dashboards among rendered objects. */
export function dashboardsOf(manifests: readonly Manifest[]): GrafanaDashboard[] {
  return manifests
    .filter(({ kind, metadata }) =>
      kind === "ConfigMap" && metadata.name.startsWith("grafana-dashboard-")
    )
    .flatMap((manifest) =>
      Object.values((manifest as unknown as { data: Record<string, string> }).data)
    )
    .map((text) => JSON.parse(text) as GrafanaDashboard);
}
