import type { RetentionPolicy } from "../core/retention.ts";
import { checkPolicy } from "./policy.ts";
import type { BackupRecord } from "./record.ts";
import { applyPolicy, type Dated, type RuleVerdict } from "./retention_rules.ts";
import type { Verification } from "./verification.ts";

/** What retention needs to know of a backup. */
export interface RetainedBackup {
  /** What is known of it. */
  record: Pick<BackupRecord, "id" | "createdAt">;
  /** When it was last restored; absent where it never was. */
  verification?: Verification;
}

/** What retention says of one backup. */
export interface Verdict {
  /** Id of the backup. */
  id: string;
  /** Whether it stays. */
  keep: boolean;
  /** Why: what keeps it, or why nothing does. */
  because: string[];
}

/** What retention is decided by besides the policy. */
export interface RetentionOptions {
  /** The time now. */
  now: Temporal.Instant;
  /** Only backups that were restored once fill the places that a policy has. @default false */
  requireVerified?: boolean;
  /** Time zone of hours, days, weeks, months and years. @default "UTC" */
  timeZone?: string;
  /** Why backups stay that the policy would not keep, by their ids. */
  held?: ReadonlyMap<string, string>;
}

/** Two clocks that are right differ by less, in minutes. */
const skewMinutes = 5;

/**
 * What a policy says of each backup of one source, newest first. Whatever it says, these stay: the newest backup, the
 * newest that was restored, those that are held, and all that tell a time in the future, which are not counted either.
 *
 * Where only verified backups count, the policy is applied to them alone, and once more to all; what either keeps
 * stays, and a backup goes only when a newer one was restored. So that option never removes what would stay without it.
 *
 * @throws {UsageError} when the policy would leave nothing
 */
export function retain(
  backups: readonly RetainedBackup[],
  policy: RetentionPolicy,
  { now, requireVerified = false, timeZone = "UTC", held }: RetentionOptions,
): Verdict[] {
  checkPolicy(policy);
  const latest = now.add({ minutes: skewMinutes });
  const all = backups.map(dated).toSorted(newestFirst);
  const counted = all.filter(({ at }) => Temporal.Instant.compare(at, latest) <= 0);
  const verified = counted.filter(({ verified }) => verified);
  const byPolicy = rulesOf(counted, policy, timeZone);
  const byVerified = requireVerified ? rulesOf(verified, policy, timeZone) : undefined;

  return all.map((backup) => {
    const { id } = backup;
    const rules = byPolicy.get(id);
    if (rules === undefined) return { id, keep: true, because: ["its time is in the future"] };
    const reasons = [
      ...backup === counted[0] ? ["newest"] : [],
      ...backup === verified[0] ? ["newest verified"] : [],
      ...requireVerified && !verified.some((other) => newestFirst(other, backup) < 0)
        ? ["no newer one is verified"]
        : [],
      ...keptBy(rules),
      ...keptBy(byVerified?.get(id) ?? []).map((because) => `${because} of the verified`),
    ];
    if (reasons.length > 0) return { id, keep: true, because: [...new Set(reasons)] };
    const hold = held?.get(id);
    return hold === undefined
      ? { id, keep: false, because: rules.map(({ because }) => because) }
      : { id, keep: true, because: [hold] };
  });
}

interface DatedBackup extends Dated {
  verified: boolean;
}

function dated({ record: { id, createdAt }, verification }: RetainedBackup): DatedBackup {
  return { id, at: Temporal.Instant.from(createdAt), verified: verification !== undefined };
}

function newestFirst(a: Dated, b: Dated): number {
  return Temporal.Instant.compare(b.at, a.at) || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
}

function rulesOf(
  backups: readonly Dated[],
  policy: RetentionPolicy,
  timeZone: string,
): Map<string, RuleVerdict[]> {
  const verdicts = applyPolicy(backups, policy, timeZone);
  return new Map(backups.map(({ id }, at) => [id, verdicts[at]!]));
}

function keptBy(rules: readonly RuleVerdict[]): string[] {
  return rules.filter(({ keep }) => keep).map(({ because }) => because);
}
