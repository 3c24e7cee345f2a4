import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { backups } from "./backup.ts";
import { veleroObjects } from "./velero.ts";

/** Objects that back up what a platform keeps. */
export function backupObjects({ backups: options }: Platform): Manifest[] {
  if (options === undefined) return [];
  const { velero, stores } = options;
  return [...backups(options), ...velero === undefined ? [] : veleroObjects(velero, stores)];
}
