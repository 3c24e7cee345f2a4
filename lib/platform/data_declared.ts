import {
  dataPorts,
  exporterPorts,
  headlessService,
  mongodbService,
  poolerName,
  zalandoOwnUsers,
  zalandoSecret,
  zalandoUserName,
} from "./data_names.ts";
import type { CnpgCluster, DataSections, Exporter, Postgres, ZalandoCluster } from "./types.ts";

/** A Secret that an operator will make for a database's users. */
export interface DataSecret {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Type of the Secret. */
  type: "Opaque" | "kubernetes.io/basic-auth";
  /** Keys that it will have. */
  keys: readonly string[];
  /** Kind of the object that it is made of. */
  madeBy: "postgresql" | "Cluster";
  /** Where the platform declares that object. */
  path: readonly string[];
}

/** Secrets that operators will make of the databases that a platform declares. */
export function dataSecrets({ postgres }: Pick<DataSections, "postgres">): DataSecret[] {
  return Object.entries(postgres).flatMap(([name, options]) => {
    if (options.kind === "zalando") return zalandoSecrets(name, options);
    return options.kind === "cnpg" ? [appSecret(name, options)] : [];
  });
}

function zalandoSecrets(
  name: string,
  { namespace, users, pooler }: ZalandoCluster,
): DataSecret[] {
  const own = zalandoOwnUsers.filter((user) => user !== "pooler" || pooler !== undefined);
  const made = [
    ...own.map((user) => ({ user, namespace })),
    ...Object.entries(users).filter(([user]) => !zalandoOwnUsers.includes(user)).map(
      ([user, { secretNamespace }]) => ({
        user: zalandoUserName(user, secretNamespace),
        namespace: secretNamespace ?? namespace,
      }),
    ),
  ];
  return made.map(({ user, namespace }) => ({
    namespace,
    name: zalandoSecret(name, user),
    type: "Opaque",
    keys: ["username", "password"],
    madeBy: "postgresql",
    path: ["postgres", name],
  }));
}

/** Source: CloudNativePG, "Connecting from an application", "Secrets". */
function appSecret(name: string, { namespace }: CnpgCluster): DataSecret {
  return {
    namespace,
    name: `${name}-app`,
    type: "kubernetes.io/basic-auth",
    keys: [
      "username",
      "user",
      "password",
      "dbname",
      "host",
      "port",
      "uri",
      "jdbc-uri",
      "fqdn-uri",
      "fqdn-jdbc-uri",
      "pgpass",
    ],
    madeBy: "Cluster",
    path: ["postgres", name],
  };
}

/** A Service in front of a data store. */
export interface DataService {
  /** Namespace of the Service. */
  namespace: string;
  /** Name of the Service. */
  name: string;
  /** Port numbers. */
  ports: readonly number[];
  /** Where the platform declares what it leads to. */
  path: readonly string[];
}

/** Services that lead to data stores: those of the platform, and those that operators make. */
export function dataServices(platform: DataSections): DataService[] {
  const { redis, valkey, mongodb, minio, postgres } = platform;
  return [
    ...Object.entries(postgres).flatMap(([name, options]) => postgresServices(name, options)),
    ...Object.entries(mongodb).flatMap(([name, { namespace, exporter, ...options }]) => {
      const ports = withMetrics([dataPorts.mongodb], exporter, exporterPorts.mongodb);
      const path = ["mongodb", name];
      return [
        { namespace, name: mongodbService(name, options), ports, path },
        { namespace, name: headlessService(name), ports: [dataPorts.mongodb], path },
      ];
    }),
    ...Object.entries(redis).flatMap(([name, { namespace, exporter }]) => {
      const ports = withMetrics([dataPorts.redis], exporter, exporterPorts.redis);
      const path = ["redis", name];
      return [
        { namespace, name, ports, path },
        { namespace, name: headlessService(name), ports: [dataPorts.redis], path },
        { namespace, name: `${name}-sentinel`, ports: [dataPorts.sentinel], path },
      ];
    }),
    ...Object.entries(valkey).map(([name, { namespace, exporter }]) => ({
      namespace,
      name,
      ports: withMetrics([dataPorts.redis], exporter, exporterPorts.redis),
      path: ["valkey", name],
    })),
    ...Object.entries(minio).map(([name, { namespace, console: hasConsole }]) => ({
      namespace,
      name,
      ports: [dataPorts.minio, ...(hasConsole ? [dataPorts.minioConsole] : [])],
      path: ["minio", name],
    })),
  ];
}

/** Source: Postgres Operator, pkg/cluster/k8sres.go, serviceName; CloudNativePG, "Service Management". */
function postgresServices(name: string, options: Postgres): DataService[] {
  const { kind, namespace } = options;
  const path = ["postgres", name];
  const ports = [dataPorts.postgres];
  if (kind === "statefulset") {
    return [{
      namespace,
      name,
      ports: withMetrics(ports, options.exporter, exporterPorts.postgres),
      path,
    }];
  }
  const names = kind === "zalando"
    ? [name, `${name}-repl`]
    : [`${name}-rw`, `${name}-ro`, `${name}-r`];
  return [...names, ...(options.pooler === undefined ? [] : [poolerName(name)])]
    .map((service) => ({ namespace, name: service, ports, path }));
}

function withMetrics(
  ports: readonly number[],
  exporter: Exporter | undefined,
  port: number,
): number[] {
  return exporter === undefined ? [...ports] : [...ports, port];
}
