import { clusterJobs } from "../backups.ts";
import type { Mistake } from "../mistake.ts";
import type { Backups, BackupStore, Platform } from "../types.ts";
import { checkJob } from "./backup_job.ts";
import { checkSubject } from "./backup_subject.ts";
import { refer } from "./reference.ts";
import { checkVelero } from "./velero.ts";
import { checkResources } from "./resources.ts";

/** Backups need their stores, secrets and namespaces, and say of each thing only once what becomes of it. */
export function checkBackups(platform: Platform): Mistake[] {
  const { backups } = platform;
  if (backups === undefined) return [];
  const { velero } = backups;
  return [
    ...Object.entries(backups.stores).flatMap(([name, store]) => checkStore(name, store, platform)),
    ...checkRunner(backups),
    ...checkReaders(backups),
    ...Object.keys(backups.jobs).flatMap((name) => checkJob(name, backups, platform)),
    ...velero === undefined ? [] : checkVelero(velero, backups.stores, platform),
    ...checkUncovered(backups, platform),
  ];
}

function checkStore(name: string, store: BackupStore, platform: Platform): Mistake[] {
  const path = ["backups", "stores", name];
  const { bucket, onThisCluster, offsite } = store;
  if (onThisCluster === undefined) return [];
  const mistakes = checkSubject([...path, "onThisCluster"], `minio/${onThisCluster}`, platform);
  if (offsite) {
    mistakes.push({
      path: [...path, "offsite"],
      message: `onThisCluster is ${onThisCluster}, expected one of both: ` +
        "a store of this cluster is gone with its site",
      atKey: true,
    });
  }
  const buckets = platform.minio[onThisCluster]?.buckets;
  return buckets === undefined
    ? mistakes
    : [...mistakes, ...refer([...path, "bucket"], bucket, Object.keys(buckets), "bucket there")];
}

/** Who is to read backups is said once, and before the night in which the first job would refuse to make one. */
function checkReaders({ holders, unencrypted, jobs }: Backups): Mistake[] {
  if (holders !== undefined && unencrypted !== undefined) {
    return [{
      path: ["backups", "unencrypted"],
      message:
        "holders are given too, expected one of both: what is encrypted for them is not stored in the clear",
      atKey: true,
    }];
  }
  const makers = Object.keys(jobs).filter((name) => /^backup-| backup$/.test(jobs[name]!.task));
  return makers.length === 0 || holders !== undefined || unencrypted !== undefined ? [] : [{
    path: ["backups", "jobs"],
    message: `${
      makers.join(", ")
    } given, and nobody who may read what they back up, expected backups.holders, or the reason for backups.unencrypted`,
    atKey: true,
  }];
}

function checkRunner({ jobs, image, resources }: Backups): Mistake[] {
  const names = Object.keys(clusterJobs({ jobs }));
  const missing = [
    ...image === undefined ? ["image"] : [],
    ...resources === undefined ? ["resources"] : [],
  ];
  return [
    ...names.length === 0 || missing.length === 0 ? [] : [{
      path: ["backups", "jobs"],
      message: `${names.join(", ")} given, and no ${missing.join(" and no ")}, expected backups.${
        missing.join(" and backups.")
      }, by which jobs run`,
      atKey: true,
    }],
    ...resources === undefined ? [] : checkResources(["backups", "resources"], resources),
  ];
}

function checkUncovered({ uncovered, jobs }: Backups, platform: Platform): Mistake[] {
  const covering = new Map(
    Object.entries(jobs).flatMap(([job, { covers = [] }]) =>
      covers.map((subject) => [subject, job] as const)
    ),
  );
  return Object.keys(uncovered).flatMap((subject) => {
    const path = ["backups", "uncovered", subject];
    const job = covering.get(subject);
    return [
      ...checkSubject(path, subject, platform).map((mistake) => ({ ...mistake, atKey: true })),
      ...job === undefined ? [] : [{
        path,
        message: `job ${job} covers it, expected one of both`,
        atKey: true,
      }],
    ];
  });
}
