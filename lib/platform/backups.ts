import { dataPorts } from "./data_names.ts";
import type {
  BackupJob,
  BackupNotices,
  Backups,
  BackupStore,
  BackupTier,
  Platform,
  Velero,
  VeleroSchedule,
  VeleroTier,
} from "./types.ts";

/** Key of a Secret that holds a credentials file as the AWS tools read it. Source: Velero's chart, credentials.existingSecret. */
export const veleroCredentialsKey = "cloud";

/** Keys of a Secret that holds credentials of an S3 store, named as all its tools read them from the environment. */
export const storeKeys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** Name of the Schedule that Velero has for one tier and one location. */
export function veleroScheduleName(name: string, tier: string, location: string): string {
  return `${name}-${tier}-${location}`;
}

/** Where backups of a schedule go, tier by tier: to the locations of the tier, of the schedule, or to all of Velero's. */
export function veleroTargets(
  { locations: all }: Pick<Velero, "locations">,
  { locations, tiers }: Pick<VeleroSchedule, "locations" | "tiers">,
): { tier: BackupTier; timing: VeleroTier; location: string }[] {
  return Object.entries(tiers).flatMap(([tier, timing]) =>
    (timing.locations ?? locations ?? all).map((location) => ({
      tier: tier as BackupTier,
      timing,
      location,
    }))
  );
}

/** A thing that backups can name, such as `mongodb/main`. */
export interface BackupSubject {
  /** Section of the platform. */
  section: string;
  /** Name in that section. */
  name: string;
  /** One of its claims. */
  claim?: string;
}

/** Read section, name and claim. */
export function backupSubject(text: string): BackupSubject {
  const [section = "", name = "", claim] = text.split("/");
  return { section, name, ...claim === undefined ? {} : { claim } };
}

/** The stores of a platform, each with the address that it is reached at where it is not that of AWS. */
export function storesOf(
  { backups, minio }: Pick<Platform, "backups" | "minio">,
): Record<string, BackupStore> {
  return Object.fromEntries(
    Object.entries(backups?.stores ?? {}).map(([name, store]) => {
      const server = minio[store.onThisCluster ?? ""];
      return [
        name,
        server === undefined || store.endpoint !== undefined ? store : {
          ...store,
          endpoint: `http://${store.onThisCluster}.${server.namespace}.svc:${dataPorts.minio}`,
        },
      ];
    }),
  );
}

/** Where `backup-vault` writes a canary: a KV engine that holds nothing else. */
export const vaultCanary = { mount: "slipway", path: "canary" } as const;

/** Files that a job which logs in to Vaults finds in its pod. */
export const jobPaths = {
  /** Token of its service account. */
  token: "/vault/token/token",
  /** Authority of a Vault's certificate. */
  authority: (vault: string): string => `/vault/ca/${vault}/ca.crt`,
} as const;

/** URL of a store as tasks take it, without credentials: `s3://bucket/prefix?region=…&endpoint=…`. */
export function storeUrl({ bucket, prefix, region, endpoint }: BackupStore): string {
  const query = new URLSearchParams({ region, ...endpoint === undefined ? {} : { endpoint } });
  return `s3://${bucket}${prefix === undefined ? "" : `/${encodeURI(prefix)}`}?${query}`;
}

/** Whether what is in a store outlives the cluster. */
export function leavesCluster(store: BackupStore | undefined): boolean {
  return store !== undefined && store.onThisCluster === undefined;
}

/** Namespace of something that a platform declares in a section; undefined when it is not there. */
export function namespaceOf(
  platform: Platform,
  section: string,
  name: string,
): string | undefined {
  const things = (platform as unknown as Record<string, Record<string, unknown> | undefined>)[
    section
  ];
  if (typeof things !== "object" || !Object.hasOwn(things, name)) return undefined;
  const own = (things[name] as { namespace?: unknown } | undefined)?.namespace;
  // Parts of one system, such as monitoring's, live in the namespace of the whole.
  const namespace = own ?? things["namespace"];
  return typeof namespace === "string" ? namespace : undefined;
}

/** A job that runs as a CronJob. */
export type ClusterJob = BackupJob & {
  /** Its namespace. */
  namespace: string;
};

/** The jobs that run on the cluster, by name. Those without a namespace are refused with the platform. */
export function clusterJobs(
  backups: Pick<Backups, "jobs"> | undefined,
): Record<string, ClusterJob> {
  return Object.fromEntries(
    Object.entries(backups?.jobs ?? {}).filter((entry): entry is [string, ClusterJob] =>
      entry[1].runsOn !== "host" && entry[1].namespace !== undefined
    ),
  );
}

/** The jobs that run by systemd timers on a host, by name. */
export function hostJobs(backups: Pick<Backups, "jobs"> | undefined): Record<string, BackupJob> {
  return Object.fromEntries(
    Object.entries(backups?.jobs ?? {}).filter(([, { runsOn }]) => runsOn === "host"),
  );
}

/** Who is told of a job's runs: what the job itself says, and else what all jobs share. */
export function noticesOf(
  { notify }: Pick<Backups, "notify">,
  job: Pick<BackupJob, "notify">,
): BackupNotices {
  return { ...notify, ...job.notify };
}

/** What stands before `storeKeys` where they are of the store that is copied from. */
export const fromPrefix = "FROM_";

/** Variables of the environment by which tasks know where to tell of their runs. */
export const noticeSettings = {
  ping: "SLIPWAY_PING_URL",
  webhook: "SLIPWAY_WEBHOOK_URL",
  slack: "SLIPWAY_SLACK_URL",
  pushgateway: "SLIPWAY_PUSHGATEWAY_URL",
} as const satisfies Record<keyof BackupNotices, string>;

/** A run of a CronJob that is late by more than this is left to the next time. */
export const startingDeadlineSeconds = 600;

/** How much later than its schedule a job on a host may start, unless it says itself. */
export const usualJitter = "2m";
