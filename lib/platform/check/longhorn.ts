import type { Mistake, Path } from "../mistake.ts";
import type { Longhorn, LonghornClass, Platform, StorageClass } from "../types.ts";
import { refer } from "./reference.ts";
import { keysNeeded } from "./secret_keys.ts";

const driver = "driver.longhorn.io";

/** Parameters of a class that `longhorn` says in other words. Source: Longhorn, "Storage Class Parameters". */
const ownParameters = [
  "numberOfReplicas",
  "staleReplicaTimeout",
  "fsType",
  "dataLocality",
  "encrypted",
  "recurringJobSelector",
];

/** Longhorn's jobs and classes: Secrets in its namespace, groups that have a job, a target for backups. */
export function checkLonghorn(platform: Platform): Mistake[] {
  const { longhorn, storageClasses } = platform;
  return [
    ...(longhorn === undefined ? [] : checkSettings(longhorn, platform)),
    ...Object.entries(storageClasses).flatMap(([name, options]) =>
      options.longhorn === undefined
        ? []
        : checkClass(["storageClasses", name], options, options.longhorn, platform)
    ),
  ];
}

function checkSettings(longhorn: Longhorn, platform: Platform): Mistake[] {
  const { namespace, backupTarget, recurringJobs } = longhorn;
  return [
    ...refer(["longhorn", "namespace"], namespace, Object.keys(platform.namespaces), "namespace"),
    ...(backupTarget === undefined ? [] : keysNeeded(namespace, platform)(
      ["longhorn", "backupTarget"],
      "secret",
      backupTarget.secret,
      {
        secret: backupTarget.url.startsWith("s3:") ? "AWS_ACCESS_KEY_ID" : undefined,
      },
    )),
    ...Object.entries(recurringJobs).flatMap(([name, { task, fullBackupEvery, groups }]) => {
      const path = ["longhorn", "recurringJobs", name];
      return [
        ...(task === "backup" && backupTarget === undefined
          ? [{
            path: [...path, "task"],
            message: "backup, but there is no backupTarget, expected one that takes backups",
          }]
          : []),
        ...(task !== "backup" && fullBackupEvery !== undefined
          ? [{
            path: [...path, "fullBackupEvery"],
            message: `the task is ${task}, expected only beside task: backup`,
            atKey: true,
          }]
          : []),
        ...(groups.length === 0
          ? [{ path: [...path, "groups"], message: "none, expected a group: it would never run" }]
          : []),
      ];
    }),
  ];
}

function checkClass(
  path: Path,
  { provisioner, parameters = {} }: StorageClass,
  options: LonghornClass,
  platform: Platform,
): Mistake[] {
  const { longhorn } = platform;
  const { encrypted, recurringJobGroups = [], dataLocality, replicas } = options;
  const at = [...path, "longhorn"];
  const groups = Object.values(longhorn?.recurringJobs ?? {}).flatMap((job) => job.groups);
  const namespace = longhorn?.namespace ?? "longhorn-system";
  return [
    ...(provisioner === driver ? [] : [{
      path: at,
      message: `the provisioner is ${provisioner}, expected only beside ${driver}`,
      atKey: true,
    }]),
    ...ownParameters.filter((name) => name in parameters).map((name) => ({
      path: [...path, "parameters", name],
      message: "longhorn says this too, expected one of both",
      atKey: true,
    })),
    ...recurringJobGroups.flatMap((group, index) =>
      refer(
        [...at, "recurringJobGroups", index],
        group,
        groups,
        "group of longhorn's recurring jobs",
      )
    ),
    ...(encrypted === undefined ? [] : keysNeeded(namespace, platform)(
      [...at, "encrypted"],
      "secret",
      encrypted.secret,
      { secret: "CRYPTO_KEY_VALUE" },
    )),
    // Source: Longhorn, "Data Locality".
    ...(dataLocality === "strict-local" && replicas !== 1
      ? [{
        path: [...at, "dataLocality"],
        message: `strict-local, but there are ${replicas} copies, expected 1`,
      }]
      : []),
  ];
}
