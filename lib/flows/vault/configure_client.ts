import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, SlipwayError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { actOnVault, emptyVaultResult, type VaultResult } from "../../vault/configure/act.ts";
import { isVaultConverged, subjectOfChange, type VaultPlan } from "../../vault/configure/change.ts";
import type { DesiredVault } from "../../vault/configure/desired.ts";
import { planVault } from "../../vault/configure/plan.ts";
import type { VaultClient } from "../../vault/client.ts";
import { gatherSeedValues, type SeedSources, unknownValues } from "./seed_values.ts";
import { showVaultPlan, vaultPlanFigures } from "./show_plan.ts";

/** How a Vault is configured. */
export interface ConfigureOptions extends SeedSources {
  /** Stop before the first change. */
  dryRun?: boolean;
  /** Remove policies, roles and database connections that the platform does not name. */
  purge?: boolean;
  /** Mounts to remove that the platform does not name, with all that is in them: `old-kv`, `auth/userpass`. */
  purgeMounts?: readonly string[];
  /** Ask before the first change. @default false */
  ask?: boolean;
  /** Learns what is done while it goes on. */
  progress?: ConfigureOutcome;
}

/** What came of configuring a Vault. */
export interface ConfigureOutcome {
  /** What was to be done; undefined while it is not known yet. */
  plan?: VaultPlan;
  /** What was done. */
  result: VaultResult;
}

/**
 * Bring a Vault to what a platform wants of it: compare, show, ask for values, and write only what differs. Whatever
 * it ends at, the next run goes on from there, and one after a whole run writes nothing.
 *
 * @param client an unsealed Vault, with a token that may do all this
 * @throws {SlipwayError} when something is in the way, before any change; or at the first change that fails
 */
export async function configureVault(
  client: VaultClient,
  desired: DesiredVault,
  context: Context,
  options: ConfigureOptions,
): Promise<ConfigureOutcome> {
  const { signal, emit, redactor } = context;
  const { given = {}, purge, purgeMounts } = options;
  const outcome = options.progress ?? { result: emptyVaultResult() };
  const { result } = outcome;
  for (const value of unknownValues(given, desired.seeds)) {
    emit({
      type: "note",
      level: "warning",
      message: `A value is given for ${value}, which the platform does not ask for`,
      remedy: "check its path and key; it is not written",
    });
  }
  const plan = await step(
    context,
    "Compare with the Vault",
    () => planVault(client, desired, { now: context.now(), purge, purgeMounts, signal }),
    (plan) => {
      const { created, configured, pruned, unchanged } = vaultPlanFigures(plan);
      return `${created} to create, ${configured} to configure, ${pruned} to remove, ${unchanged} unchanged`;
    },
  );
  outcome.plan = plan;
  showVaultPlan(plan, emit);
  if (options.dryRun) return outcome;
  throwIfConflicted(plan);
  if (isVaultConverged(plan)) {
    result.unchanged = vaultPlanFigures(plan)["unchanged"]!;
    return outcome;
  }
  if (options.ask) await confirm(plan, client, context);
  const values = await gatherSeedValues(plan, options, context);
  await step(
    context,
    "Configure the Vault",
    () => actOnVault(client, plan, { values, redactor, signal, emit, result }),
    () => `${result.created} created, ${result.configured} configured, ${result.pruned} removed`,
  );
  for (const key of result.left) {
    emit({
      type: "note",
      level: "warning",
      message: `${key} is still missing: nobody gave a value`,
      remedy: "run `deno task configure-vault` again, and answer, or give it with --seed-from",
    });
  }
  return outcome;
}

/** The exit code of what came of it: 5 where a dry run found something to do, 3 where values are missing. */
export function exitCodeOf({ plan, result }: ConfigureOutcome, dryRun: boolean): ExitCode {
  if (dryRun && plan !== undefined) {
    if (plan.changes.some(({ action }) => action === "conflicted")) return ExitCode.failed;
    return isVaultConverged(plan) ? ExitCode.done : ExitCode.differences;
  }
  return result.left.length > 0 ? ExitCode.partly : ExitCode.done;
}

function throwIfConflicted({ changes }: VaultPlan): void {
  const conflicts = changes.filter(({ action }) => action === "conflicted");
  if (conflicts.length === 0) return;
  throw new SlipwayError(
    `Nothing was changed: what is there is in the way\n${
      conflicts.map((change) => `  ${subjectOfChange(change)}: ${change.because}`).join("\n")
    }`,
    { remedy: conflicts[0]!.remedy },
  );
}

async function confirm(plan: VaultPlan, client: VaultClient, context: Context): Promise<void> {
  const { created, configured, pruned } = vaultPlanFigures(plan);
  const question =
    `Create ${created}, configure ${configured} and remove ${pruned} things in the Vault ${client.address}?`;
  if (!await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the plan was declined");
  }
}
