import type { Manifest } from "../../../lib/core/object.ts";
import { partOf } from "../../../lib/platform/monitoring.ts";
import type { LogStore, Monitoring } from "../../../lib/platform/types.ts";
import { configuration, program } from "./program.ts";

const dataFolder = "/var/loki";

/** The user that Loki's image runs as. */
const runAs = { user: 10001, group: 10001 };

/** Loki in one pod, with logs on its volume. */
export function loki(monitoring: Monitoring, options: LogStore): Manifest[] {
  const part = partOf("loki", monitoring.namespace);
  return [
    ...configuration(part, { "loki.yaml": lokiConfiguration(options) }),
    ...program(part, {
      kind: "StatefulSet",
      image: options.image,
      resources: options.resources,
      args: ["-config.file=/etc/loki/loki.yaml", "-target=all"],
      runAs,
      volumeClaims: { data: { ...options.storage } },
      mounts: {
        "/etc/loki": { config: part.name },
        [dataFolder]: { volumeClaim: "data" },
        "/tmp": { emptyDir: { sizeLimit: "256Mi" } },
      },
      // Chunks in memory are written to the volume before it ends.
      terminationGracePeriodSeconds: 300,
      probes: {
        liveness: { path: "/ready", port: "http", failureThreshold: 10 },
        readiness: { path: "/ready", port: "http" },
        startup: { path: "/ready", port: "http", failureThreshold: 30 },
      },
    }),
  ];
}

/** Source: Loki, "Configuration" and "Log retention". */
function lokiConfiguration({ retentionDays }: LogStore): unknown {
  return {
    auth_enabled: false,
    server: { http_listen_port: 3100, grpc_listen_port: 9095, log_level: "warn" },
    common: {
      path_prefix: dataFolder,
      replication_factor: 1,
      ring: { instance_addr: "127.0.0.1", kvstore: { store: "inmemory" } },
      storage: {
        filesystem: {
          chunks_directory: `${dataFolder}/chunks`,
          rules_directory: `${dataFolder}/rules`,
        },
      },
    },
    schema_config: {
      configs: [{
        from: "2024-04-01",
        store: "tsdb",
        object_store: "filesystem",
        schema: "v13",
        index: { prefix: "index_", period: "24h" },
      }],
    },
    compactor: {
      working_directory: `${dataFolder}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    limits_config: {
      retention_period: `${retentionDays * 24}h`,
      allow_structured_metadata: true,
      volume_enabled: true,
    },
    analytics: { reporting_enabled: false },
  };
}
