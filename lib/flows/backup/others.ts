import type { Context } from "../../core/context.ts";
import { inventoryId } from "../../core/labels.ts";
import { backupCovers } from "../../platform/backup_covers.ts";
import type { Platform } from "../../platform/types.ts";

/** Tell what backs a platform up besides its jobs, which these tasks can neither list nor restore; or that nothing does. */
export function tellOthers(platform: Platform, { emit }: Pick<Context, "emit">): void {
  const jobs = Object.keys(platform.backups?.jobs ?? {});
  const covers = backupCovers(platform).filter(({ by }) => !by.startsWith("backups.jobs."));
  const others = [...new Set(covers.map(({ by }) => by))];
  const name = inventoryId(platform);
  if (others.length > 0) {
    const message = `${name} is ${jobs.length > 0 ? "also " : ""}backed up by ${others.join(", ")}`;
    emit({ type: "note", level: "info", message });
  } else if (jobs.length === 0) {
    emit({
      type: "note",
      level: "info",
      message: `nothing backs up ${name}: its platform declares no backups`,
      remedy: "the review tells which data it has; backups.jobs and backups.velero take it",
    });
  }
}
