import type { Mistake } from "../mistake.ts";
import { podContainers } from "../pod_containers.ts";
import type { CronJobOptions, Platform, Workload } from "../types.ts";
import { podCount } from "../workloads.ts";
import { clusterVaults } from "../vaults.ts";
import { refer, within } from "./reference.ts";

/**
 * Volumes need a class that can give what is asked, and a volume that several pods share must be one that
 * several nodes can mount: with ReadWriteOnce all pods but those of one node would wait for ever.
 */
export function checkStorage(platform: Platform): Mistake[] {
  const classes = Object.keys(platform.storageClasses);
  return [
    ...Object.entries(platform.volumes).flatMap(([name, volume]) => {
      const path = ["volumes", name];
      const given = platform.storageClasses[volume.storageClass]?.accessModes;
      return [
        ...refer([...path, "storageClass"], volume.storageClass, classes, "storage class"),
        ...volume.accessModes.flatMap((mode, index) =>
          given === undefined || given.includes(mode) ? [] : [{
            path: [...path, "accessModes", index],
            message: `storage class ${volume.storageClass} cannot give ${mode}, expected ${
              given.join(" or ")
            }, or a class that can`,
          }]
        ),
        ...checkSharing(name, platform),
      ];
    }),
    ...clusterVaults(platform).flatMap(([name, { storage }]) => {
      if (storage === undefined) return [];
      const path = ["vaults", name, "storage", "storageClass"];
      const given = platform.storageClasses[storage.storageClass]?.accessModes;
      return given === undefined || given.includes("ReadWriteOnce")
        ? refer(path, storage.storageClass, classes, "storage class")
        : [{
          path,
          message:
            `storage class ${storage.storageClass} cannot give ReadWriteOnce, expected one that can`,
        }];
    }),
  ];
}

function checkSharing(name: string, platform: Platform): Mistake[] {
  const volume = platform.volumes[name]!;
  const programs = [
    ...within(platform.workloads, volume.namespace),
    ...within(platform.cronJobs, volume.namespace),
  ];
  const users = programs.flatMap(([workload, spec]) => {
    const mounts = podContainers([], workload, spec)
      .flatMap(({ options }) => Object.values(options.mounts ?? {}))
      .filter(({ claim }) => claim === name);
    return mounts.length === 0 ? [] : [{
      workload,
      pods: mostPods(spec),
      writes: mounts.some(({ readOnly }) => readOnly !== true),
    }];
  });
  const pods = users.reduce((sum, user) => sum + user.pods, 0);
  if (pods < 2) return [];
  const writes = users.some((user) => user.writes);
  const enough = volume.accessModes.includes("ReadWriteMany") ||
    (!writes && volume.accessModes.includes("ReadOnlyMany"));
  if (enough) return [];
  return [{
    path: ["volumes", name, "accessModes"],
    message: `${volume.accessModes.join(", ")}, but up to ${
      pods === Infinity ? "one pod a node" : `${pods} pods`
    } of ${
      users.map((user) => user.workload).join(" and ")
    } on different nodes share this volume, expected ${
      writes ? "ReadWriteMany" : "ReadOnlyMany"
    } and a storage class that can give it`,
  }];
}

/** The most pods of a program that there may be at once, those of a rollout left aside. */
function mostPods(program: Workload | CronJobOptions): number {
  if ("schedule" in program) return 1;
  return podCount(program)?.most ?? Infinity;
}
