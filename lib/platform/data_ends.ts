import {
  dataLabels,
  dataPorts,
  exporterPorts,
  poolerLabels,
  poolerName,
  postgresLabels,
} from "./data_names.ts";
import type { DataSections, Peer, Postgres } from "./types.ts";

/** A data store that can be at an end of a flow. */
export interface DataEnd extends Peer {
  /** Name by which flows call it. */
  name: string;
  /** What it is, as messages say it. */
  what: string;
  /** Where it is declared in the platform. */
  path: readonly string[];
  /** Ports of its pods, by the names that flows may use. */
  ports: Record<string, number>;
}

/** Data stores that flows may name, with the labels of their pods: those of the platform and those of operators. */
export function dataEnds(platform: DataSections): DataEnd[] {
  const { redis, valkey, mongodb, minio, postgres } = platform;
  return [
    ...Object.entries(postgres).flatMap(([name, options]) => postgresEnds(name, options)),
    ...Object.entries(mongodb).map(([name, { namespace, exporter }]) => ({
      name,
      what: "MongoDB",
      path: ["mongodb", name],
      namespace,
      podLabels: dataLabels("mongodb", name),
      ports: { mongodb: dataPorts.mongodb, ...(exporter && { metrics: exporterPorts.mongodb }) },
    })),
    ...Object.entries(redis).map(([name, { namespace, exporter }]) => ({
      name,
      what: "Redis",
      path: ["redis", name],
      namespace,
      podLabels: dataLabels("redis", name),
      ports: {
        redis: dataPorts.redis,
        sentinel: dataPorts.sentinel,
        ...(exporter && { metrics: exporterPorts.redis }),
      },
    })),
    ...Object.entries(valkey).map(([name, { namespace, exporter }]) => ({
      name,
      what: "Valkey",
      path: ["valkey", name],
      namespace,
      podLabels: dataLabels("valkey", name),
      ports: { valkey: dataPorts.redis, ...(exporter && { metrics: exporterPorts.redis }) },
    })),
    ...Object.entries(minio).map(([name, { namespace, console: hasConsole }]) => ({
      name,
      what: "MinIO",
      path: ["minio", name],
      namespace,
      podLabels: dataLabels("minio", name),
      ports: {
        api: dataPorts.minio,
        metrics: dataPorts.minio,
        ...(hasConsole && { console: dataPorts.minioConsole }),
      },
    })),
  ];
}

function postgresEnds(name: string, options: Postgres): DataEnd[] {
  const { namespace, kind } = options;
  const scraped = kind === "cnpg" || options.exporter !== undefined;
  const cluster = {
    name,
    what: "Postgres",
    path: ["postgres", name],
    namespace,
    podLabels: postgresLabels(name, options),
    ports: {
      postgres: dataPorts.postgres,
      ...(scraped && { metrics: exporterPorts.postgres }),
    },
  };
  if (kind === "statefulset" || options.pooler === undefined) return [cluster];
  return [cluster, {
    name: poolerName(name),
    what: "Postgres",
    path: ["postgres", name, "pooler"],
    namespace,
    podLabels: poolerLabels(name, options),
    ports: { postgres: dataPorts.postgres },
  }];
}
