import type { Manifest } from "../../../lib/core/object.ts";
import { type MetricsEndpoint, metricsEndpoints } from "../../../lib/platform/metrics.ts";
import type { Monitoring, Platform } from "../../../lib/platform/types.ts";
import { alertmanager } from "./alertmanager.ts";
import { alertRules } from "./alerts/catalogue.ts";
import { kubeStateMetrics, nodeExporter } from "./exporters.ts";
import { grafana } from "./grafana.ts";
import { logCollector } from "./log_collector.ts";
import { loki } from "./loki.ts";
import { monitor } from "./monitor.ts";
import { partPolicies } from "./part_policies.ts";
import { prometheus } from "./prometheus.ts";
import { tempo } from "./tempo.ts";

/** Objects that watch a platform, and tell people of it. */
export function monitoringObjects(platform: Platform): Manifest[] {
  const { monitoring } = platform;
  if (monitoring === undefined) return [];
  return [
    ...prometheus(platform, monitoring),
    ...given(monitoring.alertmanager, (options) => alertmanager(monitoring, options)),
    ...metricsEndpoints(platform).map((endpoint) =>
      monitor(placeOf(endpoint, platform, monitoring), endpoint)
    ),
    ...alertRules(platform),
    ...partPolicies(platform),
    ...given(monitoring.nodeExporter, (options) => nodeExporter(monitoring, options)),
    ...given(monitoring.kubeStateMetrics, (options) => kubeStateMetrics(monitoring, options)),
    ...given(monitoring.loki, (options) => loki(monitoring, options)),
    ...given(monitoring.tempo, (options) => tempo(monitoring, options)),
    ...given(monitoring.logCollector, (options) => logCollector(monitoring, options)),
    ...given(monitoring.grafana, (options) => grafana(monitoring, options)),
  ];
}

/**
 * Namespace of a monitor: that of the monitoring; where several platforms share it, that of what is scraped, since
 * two platforms may have something of the same name.
 */
function placeOf(
  { namespace }: MetricsEndpoint,
  { namespaces }: Platform,
  monitoring: Monitoring,
): string {
  const own = namespaces[namespace];
  return monitoring.shared === true && own !== undefined && own.existing !== true
    ? namespace
    : monitoring.namespace;
}

function given<T>(options: T | undefined, build: (options: T) => Manifest[]): Manifest[] {
  return options === undefined ? [] : build(options);
}
