import type { CnpgCluster, Mongodb, PostgresServer, ZalandoCluster } from "./types.ts";

/** Ports of data stores. Source: each one's documentation. */
export const dataPorts = {
  postgres: 5432,
  mongodb: 27_017,
  redis: 6379,
  sentinel: 26_379,
  minio: 9000,
  minioConsole: 9001,
} as const;

/** Ports of exporters. Source: Prometheus, "Default port allocations". */
export const exporterPorts = { postgres: 9187, mongodb: 9216, redis: 9121, cnpg: 9187 } as const;

/** Programs of the platform's own that hold data, as their labels name them. */
export type DataProgram = "postgres" | "mongodb" | "redis" | "valkey" | "minio";

/** Labels of all pods of a data store: of its servers, and of what belongs to them. */
export function dataLabels(program: DataProgram, name: string): Record<string, string> {
  return { "app.kubernetes.io/name": program, "app.kubernetes.io/instance": name };
}

/** Labels of a data store's pods that do one thing, such as `server`: what Services and budgets select. */
export function componentLabels(
  program: DataProgram,
  name: string,
  component: "server" | "sentinel" | "buckets",
): Record<string, string> {
  return { ...dataLabels(program, name), "app.kubernetes.io/component": component };
}

/** Service for clients of a MongoDB replica set. */
export function mongodbService(name: string, { service }: Pick<Mongodb, "service">): string {
  return service ?? `${name}-client`;
}

/** Name under which a pod of a StatefulSet is found by all others, through the headless Service. */
export function podHost(name: string, index: number, namespace: string): string {
  return `${name}-${index}.${headlessDomain(name, namespace)}`;
}

/** The headless Service of a StatefulSet. */
export function headlessService(name: string): string {
  return `${name}-headless`;
}

/** What the names of a StatefulSet's pods end with. */
export function headlessDomain(name: string, namespace: string): string {
  return `${headlessService(name)}.${namespace}.svc.cluster.local`;
}

/** Labels of a Postgres cluster's pods. Source: Postgres Operator, "cluster_labels"; CloudNativePG, "Labels and Annotations". */
export function postgresLabels(
  name: string,
  { kind }: Pick<PostgresServer | ZalandoCluster | CnpgCluster, "kind">,
): Record<string, string> {
  if (kind === "zalando") return { application: "spilo", "cluster-name": name };
  return kind === "cnpg" ? { "cnpg.io/cluster": name } : dataLabels("postgres", name);
}

/**
 * Labels of the pods of a Postgres cluster's pooler, which operators run apart from the servers.
 * Source: Postgres Operator, pkg/cluster/connection_pooler.go; CloudNativePG, "Connection Pooling".
 */
export function poolerLabels(
  name: string,
  { kind }: Pick<ZalandoCluster | CnpgCluster, "kind">,
): Record<string, string> {
  return kind === "zalando"
    ? {
      application: "db-connection-pooler",
      "cluster-name": name,
      "connection-pooler": poolerName(name),
    }
    : { "cnpg.io/poolerName": poolerName(name) };
}

/** Service and pods of a Postgres cluster's pooler. */
export function poolerName(name: string): string {
  return `${name}-pooler`;
}

/** A user of a Zalando cluster as Postgres knows him. Source: Postgres Operator, "enable_cross_namespace_secret". */
export function zalandoUserName(name: string, secretNamespace: string | undefined): string {
  return secretNamespace === undefined ? name : `${secretNamespace}.${name}`;
}

/** Secret with a user's name and password. Source: Postgres Operator, `secret_name_template`. */
export function zalandoSecret(cluster: string, user: string): string {
  return `${user.replaceAll("_", "-")}.${cluster}.credentials.postgresql.acid.zalan.do`;
}

/**
 * Users that Zalando's operator makes itself: the first two in every cluster, the last one for its pooler.
 * Source: Postgres Operator, `super_username`, `replication_username` and connection_pooler's `user`.
 */
export const zalandoOwnUsers: readonly string[] = ["postgres", "standby", "pooler"];
