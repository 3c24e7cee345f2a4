import { z } from "zod";
import type { BackupRecord } from "../../backup/record.ts";
import { isTreeMeasure, type TreeMeasure } from "../../backup/tar_tree.ts";
import { SlipwayError } from "../../core/errors.ts";

/** Kind of backups of volumes. */
export const volumeKind = "volume";

/** What the record of a volume's backup has besides what all have. */
export interface VolumeBackupDetails {
  /** Class of the claim. */
  storageClass?: string;
  /** Size of the volume, as a quantity. */
  capacity?: string;
  /** Pod through which it was read. */
  pod: string;
  /** What is in it. */
  tree: TreeMeasure;
  /** The first files that changed while they were read. */
  changed: string[];
  /** How many files changed while they were read. */
  changedCount: number;
}

const schema = z.object({
  storageClass: z.string().optional(),
  capacity: z.string().optional(),
  pod: z.string(),
  tree: z.custom<TreeMeasure>(isTreeMeasure, "expected the measure of a tree of files"),
  changed: z.array(z.string()),
  changedCount: z.number().int().nonnegative(),
});

/**
 * What the record of a volume's backup says.
 *
 * @throws {SlipwayError} when it is of something else
 */
export function readVolumeDetails({ id, details }: BackupRecord): VolumeBackupDetails {
  const { success, data, error } = schema.safeParse(details);
  if (success) return data as VolumeBackupDetails;
  const [issue] = error.issues;
  throw new SlipwayError(
    `Cannot use the backup record of ${id}: details.${issue?.path.join(".")}: ${issue?.message}`,
    { remedy: "use another backup" },
  );
}
