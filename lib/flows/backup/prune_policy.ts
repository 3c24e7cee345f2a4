import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import { UsageError } from "../../core/errors.ts";
import { type RetentionPolicy, retentionText } from "../../core/retention.ts";
import type { Platform } from "../../platform/types.ts";
import { jobsMaking } from "./source_jobs.ts";

/** How the backups of one source are kept. */
export interface SourcePolicy {
  /** For how long. */
  policy: RetentionPolicy;
  /** Whether only backups that were restored once count. */
  requireVerified: boolean;
}

/**
 * What the platform's jobs say of the backups of a source in one of its stores: the `keep` of the job that makes them.
 * Undefined where no job keeps them for any time, so that they stay.
 *
 * @throws {UsageError} when several jobs disagree
 */
export function policyOf(
  source: BackupSource,
  store: string,
  platform: Platform,
): SourcePolicy | undefined {
  const jobs = jobsMaking(source, platform).filter(([, job]) =>
    job.store === store && job.keep !== undefined
  );
  const [first] = jobs;
  if (first === undefined) return undefined;
  const says = ([, { keep = {}, requireVerified = false }]: typeof first) =>
    `${retentionText(keep)}${requireVerified ? ", verified" : ""}`;
  const other = jobs.find((job) => says(job) !== says(first));
  if (other === undefined) {
    return { policy: first[1].keep!, requireVerified: first[1].requireVerified ?? false };
  }
  throw new UsageError(
    `Cannot tell for how long backups of ${
      nameOfSource(source)
    } are kept: on the platform ${platform.name}, the job ${first[0]} says ${says(first)}, and ${
      other[0]
    } says ${says(other)}`,
    { remedy: "let them say the same, or give --keep" },
  );
}
