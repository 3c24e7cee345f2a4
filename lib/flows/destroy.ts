import type { Context } from "../core/context.ts";
import { ExitCode, Interrupted } from "../core/errors.ts";
import { inventoryId } from "../core/labels.ts";
import { elapsedMs, step } from "../core/steps.ts";
import { applyPlan, emptyResult } from "../kube/apply.ts";
import { readInventory } from "../kube/inventory.ts";
import { type Plan, planPrune } from "../kube/plan.ts";
import { waitUntilGone } from "../kube/wait/gone.ts";
import { throwIfNotReady } from "../kube/wait/result.ts";
import { renderPlatform } from "./render/render.ts";
import { openSession, type Session } from "./session.ts";
import { applyFigures, planFigures, showPlan, summary } from "./show.ts";
import type { TargetRequest } from "./target.ts";
import { underLease } from "./under_lease.ts";

/** What is to be removed, and how. */
export interface DestroyRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Show what would go, and remove nothing. */
  dryRun?: boolean;
  /** Remove claims and namespaces too, with all that is in them. */
  pruneData?: boolean;
  /** Give up after this time, in milliseconds. */
  timeout?: number;
}

/** How long objects may take to go when no time-out is given, in milliseconds. */
const goneTimeoutMs = 5 * 60_000;

/**
 * Remove what a platform has on a cluster, by its inventory. Definitions of custom resources stay, since other
 * platforms may use them; claims and namespaces stay unless `pruneData`, and then stay on record.
 */
export async function destroy(request: DestroyRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const { platform } = await renderPlatform(request, context);
  await using session = await openSession(request, platform.target, context);
  const id = inventoryId(platform);
  const result = emptyResult();
  let figures = () => applyFigures(undefined, result);
  try {
    if (request.dryRun) {
      const plan = await planRemoval(session, id, request, context);
      showPlan(plan, context.emit);
      figures = () => ({ ...planFigures(plan), writes: 0 });
      return ExitCode.done;
    }
    const plan = await underLease(session.client, id, context, async (held) => {
      const plan = await planRemoval(session, id, request, held);
      showPlan(plan, held.emit);
      const { pruned } = planFigures(plan);
      if (pruned! > 0 && !await held.confirm(question(pruned!, id, session, request))) {
        throw new Interrupted("Nothing was removed: the plan was declined");
      }
      await applyPlan(session.client, plan, { ...held, result });
      return plan;
    });
    const refs = plan.changes.filter(({ action }) => action === "pruned").map(({ ref }) => ref);
    const timeoutMs = request.timeout ?? goneTimeoutMs;
    throwIfNotReady(
      await step(
        context,
        "Wait until everything is gone",
        () => waitUntilGone(session.client, refs, { ...context, timeoutMs }),
      ),
    );
    return result.failed > 0 ? ExitCode.partly : ExitCode.done;
  } finally {
    context.emit(summary({ ...figures(), durationMs: elapsedMs(startedAt, context) }));
  }
}

async function planRemoval(
  session: Session,
  id: string,
  { pruneData }: DestroyRequest,
  { signal }: Context,
): Promise<Plan> {
  const inventory = await readInventory(session.client, id, { signal });
  const changes = await planPrune(session.client, [], { inventory, pruneData, signal });
  return { inventory, changes };
}

function question(
  count: number,
  id: string,
  session: Session,
  { pruneData }: DestroyRequest,
): string {
  const data = pruneData ? ", with all data in its claims and namespaces," : "";
  return `Remove ${count} objects of ${id}${data} from ${session.name}?`;
}
