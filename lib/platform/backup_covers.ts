import { backupSubject, leavesCluster, namespaceOf, veleroTargets } from "./backups.ts";
import type { BackupJob, BackupStore, LonghornClass, Platform } from "./types.ts";

/** Which volumes something backs up: those of one object, of a namespace, or of a storage class. */
export interface BackupCover {
  /** Where it is said, such as `backups.jobs.dump`. */
  by: string;
  /** Namespace of the volumes; `*` is all. */
  namespace: string;
  /** Name of the claim, or of the object whose claims they are, such as a StatefulSet; all when absent. */
  name?: string;
  /** The claim's own name in that object; all when absent. */
  claim?: string;
  /** Only volumes of this class; all when absent. */
  storageClass?: string;
  /** Whether a copy leaves the cluster. */
  leavesCluster: boolean;
}

/** What a platform's backups cover: by their jobs, by Velero's schedules, by WAL archives and by Longhorn. */
export function backupCovers(platform: Platform): BackupCover[] {
  return [
    ...byJobs(platform),
    ...byVelero(platform),
    ...byArchives(platform),
    ...byLonghorn(platform),
  ];
}

function byJobs(platform: Platform): BackupCover[] {
  const { jobs = {}, stores = {} } = platform.backups ?? {};
  return Object.entries(jobs).flatMap(([job, { covers = [], store }]) =>
    covers.flatMap((text) => {
      const { section, name, claim } = backupSubject(text);
      const namespace = namespaceOf(platform, section, name);
      if (namespace === undefined) return [];
      return [{
        by: `backups.jobs.${job}`,
        namespace,
        name,
        ...claim === undefined ? {} : { claim },
        leavesCluster: placesOf(store, covers, jobs).some((place) => leavesCluster(stores[place])),
      }];
    })
  );
}

/** The store of a job, and those into which others copy what is in it. */
function placesOf(
  store: string | undefined,
  covers: readonly string[],
  jobs: Readonly<Record<string, BackupJob>>,
): string[] {
  if (store === undefined) return [];
  const copies = Object.values(jobs).filter((job) =>
    job.task === "copy-backups" && job.from === store &&
    (job.covers === undefined || covers.every((cover) => job.covers?.includes(cover)))
  );
  return [store, ...copies.flatMap((job) => job.store ?? [])];
}

function byVelero({ backups }: Platform): BackupCover[] {
  const { velero, stores = {} } = backups ?? {};
  return Object.entries(velero?.schedules ?? {}).flatMap(([name, schedule]) => {
    if (schedule.volumes === "none") return [];
    const locations = veleroTargets(velero!, schedule).map(({ location }) => location);
    const by = `backups.velero.schedules.${name}`;
    const { exceptNamespaces = [] } = schedule;
    // A snapshot stays in the storage that it was made of, whatever the location.
    const leaves = schedule.volumes !== "snapshot" &&
      locations.some((location) => leavesCluster(stores[location]));
    return schedule.namespaces.filter((namespace) => !exceptNamespaces.includes(namespace))
      .map((namespace) => ({ by, namespace, leavesCluster: leaves }));
  });
}

function byArchives({ postgres, backups }: Platform): BackupCover[] {
  return Object.entries(postgres).flatMap(([name, cluster]) =>
    !("walArchive" in cluster) || cluster.walArchive === undefined ? [] : [{
      by: `postgres.${name}.walArchive`,
      namespace: cluster.namespace,
      name,
      leavesCluster: bucketLeaves(cluster.walArchive.bucket, backups?.stores),
    }]
  );
}

/** Snapshots stay on the nodes that hold the volume, so only Longhorn's backups count. */
function byLonghorn({ longhorn, storageClasses, backups }: Platform): BackupCover[] {
  const { backupTarget, recurringJobs = {} } = longhorn ?? {};
  if (backupTarget === undefined) return [];
  return Object.entries(recurringJobs).filter(([, { task }]) => task === "backup")
    .flatMap(([job, { groups }]) =>
      Object.entries(storageClasses)
        .filter(([, options]) =>
          options.longhorn !== undefined && isOfGroups(options.longhorn, groups)
        )
        .map(([storageClass]) => ({
          by: `longhorn.recurringJobs.${job}`,
          namespace: "*",
          storageClass,
          leavesCluster: bucketLeaves(backupTarget.url, backups?.stores),
        }))
    );
}

function isOfGroups(
  { recurringJobGroups = ["default"] }: LonghornClass,
  groups: readonly string[],
): boolean {
  return recurringJobGroups.some((group) => groups.includes(group));
}

/** Buckets that no store describes are somebody else's, and so outside. */
function bucketLeaves(url: string, stores: Readonly<Record<string, BackupStore>> = {}): boolean {
  // The bucket alone, or as Longhorn writes it with its region: s3://bucket@region/.
  const bucket = /^s3:\/\/([^@/]+)/.exec(url)?.[1];
  const known = Object.values(stores).filter((store) => store.bucket === bucket);
  return known.length === 0 || known.some(leavesCluster);
}
