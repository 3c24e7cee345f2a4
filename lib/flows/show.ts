import type { Emit, SummaryEvent } from "../core/events.ts";
import { subjectOf } from "../core/object.ts";
import type { ApplyResult } from "../kube/apply.ts";
import { formatFieldChange } from "../kube/field_diff.ts";
import type { Change, Plan } from "../kube/plan.ts";

/** Tell what a plan says of each object. */
export function showPlan(plan: Plan, emit: Emit): void {
  for (const change of plan.changes) {
    const because = becauseOf(change);
    emit({
      type: "change",
      phase: "plan",
      action: change.action,
      subject: subjectOf(change.ref),
      ...(because === undefined ? {} : { because }),
      ...(change.diff.length === 0 ? {} : { diff: change.diff.map(formatFieldChange) }),
    });
  }
}

/** The figures of a plan that was not applied. */
export function planFigures(plan: Plan): Record<string, number> {
  const count = (action: Change["action"]) =>
    plan.changes.filter((change) => change.action === action).length;
  return {
    created: count("created"),
    configured: count("configured"),
    unchanged: count("unchanged"),
    pruned: count("pruned"),
    conflicted: count("conflicted"),
    failed: count("failed"),
  };
}

/** The figures of an apply as far as it came; without a plan it did not begin. A plan that cannot be applied counts what stands in its way. */
export function applyFigures(plan: Plan | undefined, result: ApplyResult): Record<string, number> {
  const { created, configured, unchanged, pruned, failed, writes } = result;
  const planned = plan === undefined ? { conflicted: 0, failed: 0 } : planFigures(plan);
  return {
    created,
    configured,
    unchanged,
    pruned,
    conflicted: planned["conflicted"]!,
    failed: failed + planned["failed"]!,
    writes,
  };
}

/** The last event of a flow. */
export function summary(figures: Record<string, number>): SummaryEvent {
  return { type: "summary", ...figures };
}

function becauseOf({ because, unknown }: Change): string | undefined {
  const notKnown = unknown === undefined ? undefined : `not known yet: ${unknown}`;
  const parts = [because, notKnown].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("; ");
}
