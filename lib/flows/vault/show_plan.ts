import type { Emit } from "../../core/events.ts";
import { subjectOfChange, type VaultPlan } from "../../vault/configure/change.ts";
import type { VaultResult } from "../../vault/configure/act.ts";

/** Tell what a plan says of each thing in a Vault, and what it leaves alone. */
export function showVaultPlan({ changes, notes, unmanaged }: VaultPlan, emit: Emit): void {
  for (const change of changes) {
    const { action, because, diff } = change;
    emit({
      type: "change",
      phase: "plan",
      action,
      subject: subjectOfChange(change),
      ...(because === undefined ? {} : { because }),
      ...(diff.length === 0 ? {} : { diff }),
    });
  }
  for (const { message, remedy } of notes) {
    emit({ type: "note", level: "warning", message, ...(remedy === undefined ? {} : { remedy }) });
  }
  const left = Object.entries(unmanaged).map(([kind, count]) =>
    `${count} ${count === 1 ? kind : pluralOf(kind)}`
  );
  if (left.length === 0) return;
  emit({
    type: "note",
    level: "info",
    message: `Left alone, since the platform does not name them: ${left.join(", ")}`,
    remedy:
      "--purge removes policies, roles and database connections of these, --purge-mount PATH a mount with all that is in it",
  });
}

/** The figures of a plan that was not acted on. */
export function vaultPlanFigures({ changes }: VaultPlan): Record<string, number> {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  return {
    created: count("created"),
    configured: count("configured"),
    unchanged: count("unchanged"),
    kept: count("kept"),
    pruned: count("pruned"),
    conflicted: count("conflicted"),
  };
}

/** The figures of what was done, as far as it came. */
export function vaultFigures(
  plan: VaultPlan | undefined,
  { created, configured, unchanged, pruned, left }: VaultResult,
): Record<string, number> {
  const planned = plan === undefined ? {} : vaultPlanFigures(plan);
  return {
    created,
    configured,
    unchanged,
    pruned,
    conflicted: planned["conflicted"] ?? 0,
    missing: left.length,
  };
}

function pluralOf(kind: string): string {
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
