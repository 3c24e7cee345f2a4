import type {
  CnpgCluster,
  Minio,
  Mongodb,
  PostgresServer,
  Redis,
  Resources,
  SealedSecret,
  StorageClass,
  Valkey,
  ZalandoCluster,
} from "../../lib/platform/types.ts";

const small: Resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "100m", memory: "128Mi" },
};

const storage = { storageClass: "disk", size: "20Gi" };

const runAs = { user: 999, group: 999 };

/** A Postgres server that has only what every one needs. */
export function samplePostgresServer(changes: Partial<PostgresServer> = {}): PostgresServer {
  return {
    kind: "statefulset",
    namespace: "shop",
    image: "docker.io/library/postgres:15.14",
    storage,
    resources: small,
    database: "shop",
    secret: { name: "database", userKey: "user", passwordKey: "password" },
    parameters: {},
    sharedMemory: "256Mi",
    runAs,
    ...changes,
  };
}

/** A Zalando cluster with one database and its owner. */
export function sampleZalando(changes: Partial<ZalandoCluster> = {}): ZalandoCluster {
  return {
    kind: "zalando",
    namespace: "shop",
    team: "acme",
    version: "15",
    instances: 2,
    storage,
    resources: small,
    databases: { shop: "owner" },
    users: { owner: { flags: [] } },
    parameters: {},
    synchronous: false,
    ...changes,
  };
}

/** A CloudNativePG cluster of three. */
export function sampleCnpg(changes: Partial<CnpgCluster> = {}): CnpgCluster {
  return {
    kind: "cnpg",
    namespace: "shop",
    image: "ghcr.io/cloudnative-pg/postgresql:17.5",
    instances: 3,
    storage,
    resources: small,
    database: "shop",
    owner: "owner",
    parameters: {},
    requireTls: true,
    synchronousStandbys: 0,
    ...changes,
  };
}

/** A replica set of three. */
export function sampleMongodb(changes: Partial<Mongodb> = {}): Mongodb {
  return {
    namespace: "shop",
    image: "docker.io/library/mongo:7.0.25",
    members: 3,
    replicaSet: "rs0",
    storage,
    resources: small,
    secret: { name: "mongo", userKey: "user", passwordKey: "password", keyfileKey: "keyfile" },
    users: {},
    runAs,
    ...changes,
  };
}

/** Three Redis servers, and a Sentinel on each node. */
export function sampleRedis(changes: Partial<Redis> = {}): Redis {
  return {
    namespace: "shop",
    image: "docker.io/library/redis:7.2.11",
    replicas: 3,
    storage,
    resources: small,
    maxmemoryPolicy: "allkeys-lru",
    persistence: ["aof", "rdb"],
    secret: { name: "redis", passwordKey: "password" },
    sentinel: {
      kind: "DaemonSet",
      quorum: 2,
      masterName: "mymaster",
      resources: small,
      downAfterMs: 5000,
      failoverTimeoutMs: 10_000,
    },
    runAs,
    ...changes,
  };
}

/** A Valkey server that forgets. */
export function sampleValkey(changes: Partial<Valkey> = {}): Valkey {
  return {
    namespace: "shop",
    image: "docker.io/valkey/valkey:8.1.4",
    replicas: 1,
    resources: small,
    maxmemoryPolicy: "allkeys-lru",
    runAs,
    ...changes,
  };
}

/** A MinIO store on one server, without buckets. */
export function sampleMinio(changes: Partial<Minio> = {}): Minio {
  return {
    namespace: "shop",
    image: "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
    clientImage: "quay.io/minio/mc:RELEASE.2025-08-13T08-35-41Z",
    servers: 1,
    drivesPerServer: 1,
    storage,
    resources: small,
    buckets: {},
    users: {},
    secret: { name: "minio", userKey: "user", passwordKey: "password" },
    region: "us-east-1",
    console: false,
    runAs,
    ...changes,
  };
}

/** The class of volumes that these are on. */
export const sampleDisk: Record<string, StorageClass> = {
  disk: {
    provisioner: "disk",
    accessModes: ["ReadWriteOnce"],
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  },
};

/** The Secrets that these need, each with all keys. */
export function sampleSecrets(): Record<string, SealedSecret> {
  return Object.fromEntries(
    ["database", "mongo", "redis", "minio"].map((name) => [name, {
      namespace: "shop",
      scope: "strict",
      type: "Opaque",
      keys: ["user", "password", "keyfile"],
      sealed: {},
    }]),
  );
}
