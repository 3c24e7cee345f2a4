import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ControllerKey } from "../../seal/keyring.ts";
import type { ClusterKey } from "./cluster_keys.ts";

/** What a restore does with each key. */
export interface RestorePlan {
  /** Keys of the backup that the cluster does not have. */
  missing: readonly ControllerKey[];
  /** Keys of the cluster that the backup does not have. */
  others: readonly ClusterKey[];
}

/**
 * Compare the keys of a backup with those of a cluster.
 *
 * @throws {SlipwayError} when another key of the cluster has the name of one that is missing
 */
export function planRestore(
  wanted: readonly ControllerKey[],
  live: readonly ClusterKey[],
  namespace: string,
): RestorePlan {
  const missing = lacking(wanted, live);
  refuseTakenNames(missing, live, namespace);
  return { missing, others: lacking(live, wanted) };
}

/** Those of some keys that others do not have. */
export function lacking<T extends ControllerKey>(
  keys: readonly T[],
  others: readonly ControllerKey[],
): T[] {
  return keys.filter((key) => !others.some((other) => isSame(key, other)));
}

/** Tell what becomes of each key. */
export function tellPlan(
  { wanted, missing, others }: {
    wanted: readonly ControllerKey[];
    missing: readonly ControllerKey[];
    others: readonly ControllerKey[];
  },
  { namespace, dryRun }: { namespace: string; dryRun: boolean },
  { emit }: Pick<Context, "emit">,
): void {
  const phase = dryRun ? "plan" : "apply";
  for (const key of [...wanted, ...others]) {
    emit({
      type: "change",
      phase,
      action: others.includes(key) ? "pruned" : missing.includes(key) ? "created" : "unchanged",
      subject: `Secret ${namespace}/${key.name}`,
      because: `fingerprint ${key.certificate.fingerprint}`,
    });
  }
}

function isSame(a: ControllerKey, b: ControllerKey): boolean {
  return a.certificate.fingerprint === b.certificate.fingerprint;
}

function refuseTakenNames(
  missing: readonly ControllerKey[],
  live: readonly ClusterKey[],
  namespace: string,
): void {
  const taken = missing.find(({ name }) => live.some((other) => other.name === name));
  if (taken === undefined) return;
  throw new SlipwayError(
    `Cannot restore Secret ${namespace}/${taken.name}: another key has this name on the cluster`,
    { remedy: "back that one up, see whether anything was sealed with it, and delete it" },
  );
}
