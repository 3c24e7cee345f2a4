import type { ClusterClient } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import type { Emit } from "../core/events.ts";
import { groupOf, type Manifest, type ObjectRef, subjectOf } from "../core/object.ts";
import { retry } from "../core/retry.ts";
import { hasReason } from "../core/status_error.ts";
import { elapsedMs } from "../core/steps.ts";
import { ensureSystemNamespace, sameObjects, unionOf, writeInventory } from "./inventory.ts";
import { isBuiltIn, stagesOf } from "./order.ts";
import { blockedChanges, type Change, type Plan } from "./plan.ts";
import { waitUntilReady } from "./wait/wait.ts";
import { waitUntilGone } from "./wait/gone.ts";
import { throwIfNotReady } from "./wait/result.ts";

/** What an apply did. */
export interface ApplyResult {
  /** Objects that were made. */
  created: number;
  /** Objects that were changed. */
  configured: number;
  /** Objects that were as wanted, and were not written. */
  unchanged: number;
  /** Objects that were deleted, since they left the render. */
  pruned: number;
  /** Objects that could not be written. */
  failed: number;
  /** Requests that changed the cluster, the inventory's own among them, the lease's not. */
  writes: number;
  /** The errors behind `failed`, in the order in which they came. */
  failures: SlipwayError[];
}

/** How to apply. */
export interface ApplyPlanOptions {
  /** Receives a stage event for each stage and a change event for each object. */
  emit: Emit;
  /** Ends the apply between two requests. */
  signal: AbortSignal;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Requests under way at once. @default 24 */
  concurrency?: number;
  /** How long definitions may take to be served, in milliseconds. @default 60_000 */
  definitionTimeoutMs?: number;
  /** Filled while the apply goes on and then returned, so that an apply that is cut off can be told of too. */
  result?: ApplyResult;
}

/** An apply that has not begun. */
export function emptyResult(): ApplyResult {
  return { created: 0, configured: 0, unchanged: 0, pruned: 0, failed: 0, writes: 0, failures: [] };
}

/**
 * Do what a plan says: the one place where Slipway changes what a platform has on a cluster. Objects of a
 * stage are written concurrently; an object that fails does not keep others from being written, but
 * nothing is pruned then. Interrupted anywhere, the next plan and apply go on from there.
 *
 * @throws {SlipwayError} when the plan has conflicts or failures, or the API server cannot be reached
 */
export async function applyPlan(
  client: ClusterClient,
  plan: Plan,
  options: ApplyPlanOptions,
): Promise<ApplyResult> {
  const { emit, signal, now, concurrency = 24 } = options;
  refuseBlocked(plan);
  const { result = emptyResult() } = options;
  result.unchanged = plan.changes.filter(({ action }) => action === "unchanged").length;
  const rendered = plan.changes.filter(({ manifest }) => manifest !== undefined);
  const wanted = rendered.map(({ ref }) => ref);
  const writing = rendered.filter(({ action }) => action === "created" || action === "configured");
  const pruning = plan.changes.filter(({ action }) => action === "pruned");
  const kept = plan.changes.filter(({ action, onRecord }) => action === "kept" && onRecord);
  const exact = unionOf(wanted, kept.map(({ ref }) => ref));
  const recorded = plan.inventory.objects;
  const union = unionOf(recorded, wanted);

  if (writing.length + pruning.length === 0 && sameObjects(exact, recorded)) return result;
  await ensureSystemNamespace(client, { signal });
  if (!sameObjects(union, recorded)) await record(union);
  for (const { stage, items } of stagesOf(writing, ({ ref }) => ref)) {
    const custom = items.map(({ ref }) => ref).filter((ref) => !isBuiltIn(groupOf(ref.apiVersion)));
    if (custom.length > 0) await untilDiscovered(client, custom, signal);
    await inStage(stage.title, [items], async (change) => {
      await writeObject(client, change, { signal, now });
      return change.action === "created" ? "created" : "configured";
    });
    if (stage.rank === 0) {
      if (result.failed > 0) return result;
      await untilServed(items);
    }
  }
  if (result.failed > 0) return result;
  const prunedInTurn = stagesOf(pruning, ({ ref }) => ref).map(({ items }) => items).reverse();
  if (pruning.length > 0) {
    await inStage("Remove what is no longer wanted", prunedInTurn, async ({ ref, liveUid }) => {
      await client.delete(ref, { uid: liveUid, signal });
      return "pruned";
    });
  }
  if (result.failed === 0 && !sameObjects(exact, union)) await record(exact);
  return result;

  async function record(objects: ObjectRef[]): Promise<void> {
    await writeInventory(client, { id: plan.inventory.id, objects }, { signal });
    result.writes++;
  }

  async function inStage(
    stage: string,
    inTurn: readonly (readonly Change[])[],
    write: (change: Change) => Promise<"created" | "configured" | "pruned">,
  ): Promise<void> {
    const startedAt = now();
    const total = inTurn.flat().length;
    let done = 0;
    const failedBefore = result.failed;
    emit({ type: "stage", stage, state: "started", done, total });
    const writeOne = async (change: Change) => {
      signal.throwIfAborted();
      const subject = subjectOf(change.ref);
      try {
        const action = await write(change);
        result[action]++;
        result.writes++;
        const { because } = change;
        emit({
          type: "change",
          phase: "apply",
          action,
          subject,
          ...(because === undefined ? {} : { because }),
        });
      } catch (error) {
        // An error that the abort brought about says more than the abort: what was under way.
        if (signal.aborted || !(error instanceof SlipwayError) || error.retryable) throw error;
        result.failed++;
        result.failures.push(error);
        emit({
          type: "change",
          phase: "apply",
          action: "failed",
          subject,
          because: messageOf(error),
        });
      }
      emit({ type: "stage", stage, state: "progress", detail: subject, done: ++done, total });
    };
    for (const changes of inTurn) await mapConcurrently(changes, concurrency, writeOne);
    const durationMs = elapsedMs(startedAt, options);
    const state = result.failed > failedBefore ? "failed" : "done";
    emit({ type: "stage", stage, state, done, total, durationMs });
  }

  async function untilServed(changes: readonly Change[]): Promise<void> {
    const definitions = changes.filter(({ ref }) => ref.kind === "CustomResourceDefinition");
    if (definitions.length === 0) return;
    const timeoutMs = options.definitionTimeoutMs ?? 60_000;
    const refs = definitions.map(({ ref }) => ref);
    throwIfNotReady(await waitUntilReady(client, refs, { signal, now, timeoutMs }));
  }
}

/** An established definition is in discovery only a moment later, of which no watch tells. */
async function untilDiscovered(
  client: ClusterClient,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<void> {
  await retry(async () => {
    for (const { apiVersion, kind } of refs) {
      if (await client.resourceType(apiVersion, kind) !== undefined) continue;
      client.forgetDiscovery();
      throw new SlipwayError(
        `${kind} in ${apiVersion} is defined, and the API server does not serve it yet`,
        { retryable: true, remedy: "run the command again; the API server may be overloaded" },
      );
    }
  }, { signal, attempts: 12, firstDelayMs: 30, maxDelayMs: 2_000 });
}

/** @throws {SlipwayError} when a plan must not be applied, naming every object that stands in its way */
function refuseBlocked(plan: Plan): void {
  const blocked = blockedChanges(plan);
  if (blocked.length === 0) return;
  const lines = blocked.map(({ ref, because }) => `  ${subjectOf(ref)}: ${because}`);
  const remedies = [
    ...new Set(blocked.map(({ remedy }) => remedy).filter((remedy) => remedy !== undefined)),
  ];
  throw new SlipwayError(
    `Cannot apply ${plan.inventory.id}: ${blocked.length} of ${plan.changes.length} objects cannot be applied, and nothing was changed\n${
      lines.join("\n")
    }`,
    remedies.length === 0 ? {} : { remedy: remedies.join("; or ") },
  );
}

async function writeObject(
  client: ClusterClient,
  { manifest, ref, force, recreate, liveUid }: Change,
  { signal, now }: Pick<ApplyPlanOptions, "signal" | "now">,
): Promise<void> {
  if (recreate) {
    await client.delete(ref, { uid: liveUid, propagation: "Foreground", signal });
    throwIfNotReady(await waitUntilGone(client, [ref], { signal, now, timeoutMs: 60_000 }));
  }
  // An API server may accept a definition a moment before it serves the kind.
  await retry(() => client.apply(manifest as Manifest, { force, signal }), {
    signal,
    attempts: groupOf(ref.apiVersion).includes(".") ? 8 : 1,
    retryable: (error) => hasReason(error, "NotFound") && !recreate && isAbsentKind(error.message),
  });
}

function isAbsentKind(message: string): boolean {
  return message.includes("could not find the requested resource");
}
