import { type BackupCover, backupCovers } from "../platform/backup_covers.ts";
import { backupSubject, namespaceOf } from "../platform/backups.ts";
import type { Platform } from "../platform/types.ts";
import type { VolumeClaims } from "./claims.ts";

/** What backs up volumes, and which need no backup. */
export interface Coverage {
  /** All that backs up some volumes. */
  of(claims: VolumeClaims): BackupCover[];
  /** Whether the platform says that some volumes need no backup. */
  isExempt(claims: VolumeClaims): boolean;
}

/** Find out what backs up which volumes. */
export function coverageOf(platform: Platform): Coverage {
  const covers = backupCovers(platform);
  const schedules = platform.backups?.velero?.schedules ?? {};
  const exempt = exemptions(platform);
  const leftOut = ({ by }: BackupCover, namespace: string) => {
    const schedule = schedules[by.replace("backups.velero.schedules.", "")];
    return by.startsWith("backups.velero.") &&
      (schedule?.exceptNamespaces ?? []).includes(namespace);
  };
  return {
    of: (claims) =>
      covers.filter((cover) =>
        isOf(cover, claims) && !leftOut(cover, claims.namespace) &&
        (cover.storageClass === undefined || cover.storageClass === claims.storageClass)
      ),
    isExempt: (claims) => exempt.some((one) => isOf(one, claims)),
  };
}

type Meant = Pick<BackupCover, "namespace" | "name" | "claim">;

function isOf({ namespace, name, claim }: Meant, claims: VolumeClaims): boolean {
  return (namespace === "*" || namespace === claims.namespace) &&
    (name === undefined || name === claims.name) &&
    (claim === undefined || claim === claims.claim);
}

/** What the platform says needs no backup: in `backups.uncovered`, or beside what has the volumes. */
function exemptions(platform: Platform): Meant[] {
  const uncovered = Object.keys(platform.backups?.uncovered ?? {}).flatMap((text) => {
    const { section, name, claim } = backupSubject(text);
    const namespace = namespaceOf(platform, section, name);
    if (namespace === undefined) return [];
    return [{ namespace, name, ...(claim === undefined ? {} : { claim }) }];
  });
  const sections = Object.values(platform).filter((section) =>
    typeof section === "object" && section !== null
  );
  const beside = sections.flatMap((section) =>
    Object.entries(section as Record<string, unknown>).flatMap(([name, options]) => {
      const { namespace, backup } = (options ?? {}) as { namespace?: string; backup?: unknown };
      const says = typeof backup === "object" && backup !== null && "none" in backup;
      return namespace !== undefined && says ? [{ namespace, name }] : [];
    })
  );
  return [...uncovered, ...beside];
}
