import type { BackupSource } from "../../backup/names.ts";
import { type BackupSubject, backupSubject, namespaceOf } from "../../platform/backups.ts";
import type { BackupJob, BackupTask, Platform } from "../../platform/types.ts";
import { claimsOfStatefulSet } from "../volume/claims.ts";
import { volumeKind } from "../volume/details.ts";

/** Kinds of sources by the tasks that make their backups. */
const kindOf: Partial<Record<BackupTask, string>> = {
  "backup-postgres": "postgres",
  "backup-mongodb": "mongodb",
  "backup-clickhouse": "clickhouse",
  "backup-volume": volumeKind,
  "backup-vault": "vault",
  "sealing-keys backup": "sealing-keys",
  "backup-etcd": "etcd",
};

/** The kind of the backups that a task makes; undefined for one that makes none. */
export function kindMadeBy(task: BackupTask): string | undefined {
  return kindOf[task];
}

/** The jobs of a platform that make the backups of a source, with their names, wherever they put them. */
export function jobsMaking(
  source: BackupSource,
  platform: Platform,
): [name: string, job: BackupJob][] {
  return Object.entries(platform.backups?.jobs ?? {}).filter(([, { task, covers, databases }]) =>
    kindOf[task] === source.kind &&
    isCovered(source, { covers: covers?.map(backupSubject), databases }, platform)
  );
}

/** What a job says of its sources; what is absent is said of all. */
export interface Covering {
  /** Things of the platform; none means all as well. */
  covers?: readonly BackupSubject[] | undefined;
  /** Databases in them. */
  databases?: readonly string[] | undefined;
}

/** Whether a job means a source. Volumes are stored by namespace and claim, all else by its name in the platform. */
export function isCovered(
  source: BackupSource,
  { covers = [], databases }: Covering,
  platform: Platform | undefined,
): boolean {
  const { kind, item } = source;
  const ofDatabase = kind === volumeKind || databases === undefined || item === undefined ||
    databases.includes(item);
  // Keys and etcd of a cluster are no things of the platform that could be named.
  if (covers.length === 0 || kind === "sealing-keys" || kind === "etcd") return ofDatabase;
  return ofDatabase && covers.some((subject) => isSubject(source, subject, platform));
}

function isSubject(
  { kind, name, item = "" }: BackupSource,
  subject: BackupSubject,
  platform: Platform | undefined,
): boolean {
  if (kind !== volumeKind) return subject.name === name;
  const { section, claim } = subject;
  if (platform === undefined || namespaceOf(platform, section, subject.name) !== name) return false;
  if (section === "volumes") return item === subject.name;
  const named = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: item } };
  return claimsOfStatefulSet([named], subject.name, claim).length > 0;
}
