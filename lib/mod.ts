/**
 * What a one-off script imports: a session with a cluster, the plan and the apply, waiting, and errors.
 *
 * @example
 * ```ts
 * await run(cli, async (options, context) => {
 *   await using session = await openSession(options, undefined, context);
 *   const { items } = await session.client.list({ apiVersion: "v1", kind: "Node" }, context);
 *   context.print(items.map(({ metadata }) => metadata.name).join("\n"));
 * });
 * ```
 * @module
 */
export * from "./core/cluster.ts";
export * from "./core/context.ts";
export * from "./core/errors.ts";
export * from "./core/events.ts";
export * from "./core/object.ts";
export * from "./core/redact.ts";
export * from "./core/status_error.ts";
export { retry, type RetryOptions } from "./core/retry.ts";
export { type Progress, step } from "./core/steps.ts";
export { formatBytes, formatDuration, parseDuration, parseQuantity } from "./core/units.ts";
export { openSession, type Session } from "./flows/session.ts";
export type { TargetRequest } from "./flows/target.ts";
export type { Target as DeclaredTarget, TargetHost } from "./platform/types.ts";
export type { Cause, CauseKind, GraceMs, LogSource } from "./kube/diagnose/cause.ts";
export type { DiagnosisRules } from "./kube/diagnose/pod.ts";
export type { FieldChange } from "./kube/field_diff.ts";
export { applyPlan, type ApplyPlanOptions, type ApplyResult } from "./kube/apply.ts";
export { type Inventory, readInventory } from "./kube/inventory.ts";
export { type Change, type Plan, planDeploy, type PlanOptions } from "./kube/plan.ts";
export { type WaitOptions, waitUntilReady } from "./kube/wait/wait.ts";
export type { Pausing } from "./kube/wait/pause.ts";
export { throwIfNotReady, type WaitedObject, type WaitResult } from "./kube/wait/result.ts";
