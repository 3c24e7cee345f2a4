import { serviceUrl } from "../../../lib/platform/monitoring.ts";
import type { Monitoring } from "../../../lib/platform/types.ts";

/** Ids by which data sources and dashboards refer to a data source. */
export const dataSourceIds = { prometheus: "prometheus", loki: "loki", tempo: "tempo" } as const;

/**
 * Data sources of Grafana: those that are declared, each of which leads to the others.
 * Source: Grafana, "Provision Grafana", and the provisioning of the data sources Loki and Tempo.
 */
export function dataSources(monitoring: Monitoring): unknown {
  const { loki, tempo, alertmanager } = monitoring;
  return {
    apiVersion: 1,
    // One that is no longer declared goes away.
    prune: true,
    datasources: [
      prometheusSource(monitoring),
      ...(loki === undefined ? [] : [lokiSource(monitoring)]),
      ...(tempo === undefined ? [] : [tempoSource(monitoring)]),
      ...(alertmanager === undefined ? [] : [{
        ...source("Alertmanager", "alertmanager", "alertmanager"),
        url: serviceUrl("alertmanager", monitoring.namespace, "web"),
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
      }]),
    ],
  };
}

function source(name: string, type: string, uid: string) {
  return { name, type, uid, access: "proxy", editable: false };
}

function prometheusSource({ namespace, prometheus, tempo }: Monitoring) {
  return {
    ...source("Prometheus", "prometheus", dataSourceIds.prometheus),
    url: serviceUrl("prometheus", namespace, "web"),
    isDefault: true,
    jsonData: {
      httpMethod: "POST",
      // Grafana's $__rate_interval is never shorter than four of these.
      timeInterval: prometheus.scrapeInterval,
      ...(tempo === undefined ? {} : {
        exemplarTraceIdDestinations: [
          { name: "trace_id", datasourceUid: dataSourceIds.tempo },
          { name: "traceID", datasourceUid: dataSourceIds.tempo },
        ],
      }),
    },
  };
}

function lokiSource({ namespace, tempo }: Monitoring) {
  return {
    ...source("Loki", "loki", dataSourceIds.loki),
    url: serviceUrl("loki", namespace),
    jsonData: tempo === undefined ? {} : {
      derivedFields: [{
        name: "trace",
        // As OpenTelemetry's SDKs write it into lines of JSON and of text.
        matcherRegex: '"?trace_?[iI][dD]"?[=:]\\s*"?([0-9a-f]{32})',
        // Provisioning would take a single $ for a variable of the environment.
        url: "$${__value.raw}",
        datasourceUid: dataSourceIds.tempo,
        urlDisplayLabel: "Trace",
      }],
    },
  };
}

function tempoSource({ namespace, loki }: Monitoring) {
  return {
    ...source("Tempo", "tempo", dataSourceIds.tempo),
    url: serviceUrl("tempo", namespace),
    jsonData: {
      ...(loki === undefined ? {} : {
        tracesToLogsV2: {
          datasourceUid: dataSourceIds.loki,
          spanStartTimeShift: "-5m",
          spanEndTimeShift: "5m",
          tags: [
            { key: "k8s.namespace.name", value: "namespace" },
            { key: "k8s.pod.name", value: "pod" },
            { key: "service.name", value: "app" },
          ],
          filterByTraceID: true,
        },
      }),
      tracesToMetrics: {
        datasourceUid: dataSourceIds.prometheus,
        spanStartTimeShift: "-15m",
        spanEndTimeShift: "15m",
        tags: [{ key: "service.name", value: "service" }],
        queries: [
          {
            name: "Request rate",
            query: "sum by (span_name) (rate(traces_spanmetrics_calls_total{$$__tags}[5m]))",
          },
          {
            name: "Error rate",
            query: "sum by (span_name) " +
              '(rate(traces_spanmetrics_calls_total{$$__tags, status_code="STATUS_CODE_ERROR"}[5m]))',
          },
          {
            name: "p95 duration",
            query: "histogram_quantile(0.95, sum by (le, span_name) " +
              "(rate(traces_spanmetrics_latency_bucket{$$__tags}[5m])))",
          },
        ],
      },
      serviceMap: { datasourceUid: dataSourceIds.prometheus },
      nodeGraph: { enabled: true },
    },
  };
}
