import type {
  BackupJob,
  Backups,
  BackupStore,
  Minio,
  Platform,
  SealedSecret,
  VeleroSchedule,
} from "../../lib/platform/types.ts";
import { samplePlatform } from "./sample_platform.ts";

/** A bucket on the MinIO called `minio`. */
export function sampleStore(changes: Partial<BackupStore> = {}): BackupStore {
  return {
    bucket: "backups",
    region: "us-east-1",
    secrets: { shop: "store", velero: "velero-store" },
    onThisCluster: "minio",
    ...changes,
  };
}

/** A nightly dump into the store `minio`. */
export function sampleJob(changes: Partial<BackupJob> = {}): BackupJob {
  return {
    namespace: "shop",
    schedule: "30 2 * * *",
    task: "backup-mongodb",
    deadlineSeconds: 3600,
    store: "minio",
    ...changes,
  };
}

/** A daily schedule of one namespace. */
export function sampleSchedule(changes: Partial<VeleroSchedule> = {}): VeleroSchedule {
  return {
    namespaces: ["shop"],
    volumes: "move",
    tiers: { daily: { cron: "0 1 * * *", keep: 7 } },
    ...changes,
  };
}

/** Backups with one store, and nothing that is put there. */
export function sampleBackups(changes: Partial<Backups> = {}): Backups {
  return {
    stores: { minio: sampleStore() },
    image: "ghcr.io/example/slipway:1.0.0",
    resources: {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { cpu: "1", memory: "512Mi" },
    },
    runAs: { user: 65532, group: 65532 },
    holders: { ana: "age15a98mwyh8lxrhlejxc0y05r68tygxktmkej6k0x7jmmgyxandezqzf353h" },
    jobs: {},
    uncovered: {},
    objectives: {},
    ...changes,
  };
}

const resources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

const minio: Minio = {
  namespace: "shop",
  image: "quay.io/minio/minio:1.0.0",
  clientImage: "quay.io/minio/mc:1.0.0",
  servers: 1,
  drivesPerServer: 1,
  storage: { storageClass: "fast", size: "1Gi" },
  resources,
  users: {},
  buckets: { backups: { purpose: "backups", versioning: false, objectLock: false } },
  secret: { name: "minio", userKey: "user", passwordKey: "password" },
  region: "us-east-1",
  console: false,
  runAs: { user: 1000, group: 1000 },
};

const secret = (namespace: string, ...keys: string[]): SealedSecret => ({
  namespace,
  scope: "strict",
  type: "Opaque",
  keys,
  sealed: {},
});

/** A platform with a MinIO, a volume, a namespace for Velero, and the Secrets of the store. */
export function backedUpPlatform(backups: Backups, changes: Partial<Platform> = {}): Platform {
  return samplePlatform({
    namespaces: { shop: { podSecurity: "restricted" }, velero: { podSecurity: "privileged" } },
    storageClasses: {
      fast: {
        provisioner: "driver.longhorn.io",
        accessModes: ["ReadWriteOnce"],
        reclaimPolicy: "Retain",
        volumeBindingMode: "Immediate",
      },
    },
    volumes: {
      files: {
        namespace: "shop",
        storageClass: "fast",
        accessModes: ["ReadWriteOnce"],
        size: "1Gi",
      },
    },
    minio: { minio },
    sealedSecrets: {
      minio: secret("shop", "user", "password"),
      store: secret("shop", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
      "velero-store": secret("velero", "cloud"),
    },
    backups,
    ...changes,
  });
}
