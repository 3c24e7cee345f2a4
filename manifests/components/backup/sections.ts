import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { backups } from "./backup.ts";

/** Objects that back up what a platform keeps. */
export function backupObjects(platform: Platform): Manifest[] {
  return platform.backups === undefined ? [] : backups(platform.backups);
}
