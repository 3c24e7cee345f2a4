import type { BackupRetention, BackupStore, Platform } from "./types.ts";

/** Key of a Secret that holds a credentials file as the AWS tools read it. Source: Velero's chart, credentials.existingSecret. */
export const veleroCredentialsKey = "cloud";

/** Keys of a Secret that holds credentials of an S3 store, named as all its tools read them from the environment. */
export const storeKeys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** Name of the Schedule that Velero has for one tier and one location. */
export function veleroScheduleName(name: string, tier: string, location: string): string {
  return `${name}-${tier}-${location}`;
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

/** Which volumes something backs up: those of one object, or of a namespace. */
export interface BackupCover {
  /** Where it is said, such as `backups.jobs.dump`. */
  by: string;
  /** Namespace of the volumes; `*` is all. */
  namespace: string;
  /** Name of the claim, or of the object whose claims they are, such as a StatefulSet; all when absent. */
  name?: string;
  /** The claim's own name in that object; all when absent. */
  claim?: string;
  /** Whether a copy leaves the cluster. */
  leavesCluster: boolean;
}

/** What a platform's backups cover: by their jobs, and by Velero's schedules. */
export function backupCovers(platform: Platform): BackupCover[] {
  const { backups } = platform;
  if (backups === undefined) return [];
  const offsite = (store: string | undefined) => leavesCluster(backups.stores[store ?? ""]);
  return [
    ...Object.entries(backups.jobs).flatMap(([job, { covers = [], store }]) =>
      covers.flatMap((text) => {
        const { section, name, claim } = backupSubject(text);
        const namespace = namespaceOf(platform, section, name);
        if (namespace === undefined) return [];
        const cover = { namespace, name, leavesCluster: offsite(store) };
        return [{
          by: `backups.jobs.${job}`,
          ...cover,
          ...claim === undefined ? {} : { claim },
        }];
      })
    ),
    ...Object.entries(backups.velero?.schedules ?? {}).flatMap(([name, schedule]) => {
      if (schedule.volumes === "none") return [];
      const locations = schedule.locations ?? backups.velero?.locations ?? [];
      // A snapshot stays in the storage that it was made of, whatever the location.
      const leaves = schedule.volumes !== "snapshot" && locations.some(offsite);
      return schedule.namespaces.map((namespace) => ({
        by: `backups.velero.schedules.${name}`,
        namespace,
        leavesCluster: leaves,
      }));
    }),
  ];
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

/** For how long backups are kept, as arguments have it: `days=30`, or `daily=7,weekly=4,monthly=3`. */
export function retentionText(keep: BackupRetention): string {
  return Object.entries(keep).filter(([, count]) => count !== undefined)
    .map(([unit, count]) => `${unit}=${count}`).join(",");
}
