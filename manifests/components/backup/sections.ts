import type { Manifest } from "../../../lib/core/object.ts";
import { storesOf } from "../../../lib/platform/backups.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { backups } from "./backup.ts";
import { veleroObjects } from "./velero.ts";

/** Objects that back up what a platform keeps. */
export function backupObjects(platform: Platform): Manifest[] {
  const options = platform.backups;
  if (options === undefined) return [];
  return [
    ...backups(options, platform),
    ...options.velero === undefined ? [] : veleroObjects(options.velero, storesOf(platform)),
  ];
}
