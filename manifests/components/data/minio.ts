import { componentLabels, dataPorts, headlessDomain } from "../../../lib/platform/data_names.ts";
import type { Minio, Mount, VolumeClaim, Workload } from "../../../lib/platform/types.ts";
import { bucketJob, bucketSettings } from "./minio_buckets.ts";
import { claim, type DataParts, several } from "./parts.ts";

/** A MinIO store, and the Job that makes its buckets. Source: MinIO, "Deploy MinIO: Multi-Node Multi-Drive". */
export function minio(name: string, options: Minio): DataParts {
  const config = `${name}-buckets`;
  const hasBuckets = Object.keys({ ...options.buckets, ...options.users }).length > 0;
  return {
    workloads: { [name]: servers(name, options) },
    configMaps: hasBuckets ? { [config]: bucketSettings(options) } : {},
    others: hasBuckets ? [bucketJob(name, options, config)] : [],
  };
}

function servers(name: string, options: Minio): Workload {
  const { parity, secret } = options;
  const ports = {
    api: dataPorts.minio,
    ...(options.console && { console: dataPorts.minioConsole }),
  };
  const drives = drivesOf(options);
  return {
    kind: "StatefulSet",
    namespace: options.namespace,
    labels: componentLabels("minio", name, "server"),
    container: "minio",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    command: ["minio"],
    args: [
      "server",
      "--address",
      `:${dataPorts.minio}`,
      ...(options.console ? ["--console-address", `:${dataPorts.minioConsole}`] : []),
      endpoints(name, options),
    ],
    replicas: options.servers,
    // None answers before enough of the others do.
    podManagementPolicy: "Parallel",
    resources: options.resources,
    ports,
    services: { [name]: { ports } },
    env: {
      MINIO_ROOT_USER: { secret: secret.name, key: secret.userKey },
      MINIO_ROOT_PASSWORD: { secret: secret.name, key: secret.passwordKey },
      MINIO_REGION: options.region,
      ...(parity !== undefined && { MINIO_STORAGE_CLASS_STANDARD: `EC:${parity}` }),
      MINIO_BROWSER: options.console ? "on" : "off",
      // Who may connect is for network policies; a token would have to be made by hand.
      MINIO_PROMETHEUS_AUTH_TYPE: "public",
      HOME: "/tmp",
    },
    mounts: {
      ...Object.fromEntries(
        drives.map((drive): [string, Mount] => [`/${drive}`, { volumeClaim: drive }]),
      ),
      "/tmp": { emptyDir: { sizeLimit: "1Gi" } },
    },
    volumeClaims: Object.fromEntries(
      drives.map((drive): [string, VolumeClaim] => [drive, claim(options.storage)]),
    ),
    probes: {
      startup: {
        path: "/minio/health/live",
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 60,
      },
      liveness: { path: "/minio/health/live", periodSeconds: 15, timeoutSeconds: 10 },
      // Not /minio/health/cluster: without a quorum no server would be ready, and none could say why.
      readiness: { path: "/minio/health/ready", periodSeconds: 5, timeoutSeconds: 5 },
    },
    metrics: { port: "api", path: "/minio/v2/metrics/cluster" },
    runAs: options.runAs,
    backup: options.backup,
    ...several(options.servers, options.spread),
  };
}

/** A single drive is /data, several are /data-0 and so on. */
function drivesOf({ drivesPerServer }: Minio): string[] {
  if (drivesPerServer === 1) return ["data"];
  return Array.from({ length: drivesPerServer }, (_, index) => `data-${index}`);
}

/** All servers and drives in MinIO's own notation, of which it makes one pool. */
function endpoints(
  name: string,
  { namespace, servers, drivesPerServer }: Minio,
): string {
  const path = drivesPerServer === 1 ? "/data" : `/data-{0...${drivesPerServer - 1}}`;
  if (servers === 1) return path;
  const hosts = `${name}-{0...${servers - 1}}.${headlessDomain(name, namespace)}`;
  return `http://${hosts}:${dataPorts.minio}${path}`;
}
