import type { Manifest } from "../../../lib/core/object.ts";
import { partOf, serviceUrl } from "../../../lib/platform/monitoring.ts";
import type { Monitoring, TraceStore } from "../../../lib/platform/types.ts";
import { configuration, program } from "./program.ts";

const dataFolder = "/var/tempo";

/** The user that Tempo's image runs as. */
const runAs = { user: 10001, group: 10001 };

/** Tempo in one pod, with traces on its volume. */
export function tempo(monitoring: Monitoring, options: TraceStore): Manifest[] {
  const part = partOf("tempo", monitoring.namespace);
  return [
    ...configuration(part, { "tempo.yaml": tempoConfiguration(options, monitoring) }),
    ...program(part, {
      kind: "StatefulSet",
      image: options.image,
      resources: options.resources,
      args: ["-config.file=/etc/tempo/tempo.yaml", "-target=all"],
      runAs,
      volumeClaims: { data: { ...options.storage } },
      mounts: {
        "/etc/tempo": { config: part.name },
        [dataFolder]: { volumeClaim: "data" },
        "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
      },
      terminationGracePeriodSeconds: 120,
      probes: {
        liveness: { path: "/ready", port: "http", failureThreshold: 10 },
        readiness: { path: "/ready", port: "http" },
        startup: { path: "/ready", port: "http", failureThreshold: 30 },
      },
    }),
  ];
}

/** Source: Tempo, "Configuration" and "Metrics-generator". */
function tempoConfiguration(
  { retentionDays }: TraceStore,
  { namespace }: Monitoring,
): unknown {
  return {
    server: { http_listen_port: 3200, log_level: "warn" },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            // Without an address they would listen on loopback only.
            grpc: { endpoint: "0.0.0.0:4317" },
            http: { endpoint: "0.0.0.0:4318" },
          },
        },
      },
    },
    compactor: { compaction: { block_retention: `${retentionDays * 24}h` } },
    storage: {
      trace: {
        backend: "local",
        local: { path: `${dataFolder}/blocks` },
        wal: { path: `${dataFolder}/wal` },
      },
    },
    metrics_generator: {
      storage: {
        path: `${dataFolder}/generator/wal`,
        remote_write: [{
          url: `${serviceUrl("prometheus", namespace, "web")}/api/v1/write`,
          send_exemplars: true,
        }],
      },
    },
    overrides: {
      defaults: { metrics_generator: { processors: ["service-graphs", "span-metrics"] } },
    },
    usage_report: { reporting_enabled: false },
  };
}
