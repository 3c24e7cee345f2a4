import type { Context } from "../../core/context.ts";
import { Interrupted, UsageError } from "../../core/errors.ts";
import { inventoryId } from "../../core/labels.ts";
import { keyOf, type Manifest, type ObjectRef, refOf } from "../../core/object.ts";
import { applyPlan } from "../../kube/apply.ts";
import { readInventory } from "../../kube/inventory.ts";
import { type Change, isConverged, type Plan, planDeploy } from "../../kube/plan.ts";
import { clusterJobs } from "../../platform/backups.ts";
import { backupLabel } from "../../platform/ends.ts";
import type { RenderedPlatform } from "../render/render.ts";
import { openSession, type Session } from "../session.ts";
import { applyFigures, planFigures, showPlan, summary } from "../show.ts";
import type { TargetRequest } from "../target.ts";
import { underLease } from "../under_lease.ts";

/** How jobs are installed on a cluster. */
export interface ClusterScheduleRequest extends TargetRequest {
  /** Only tell what would be done. */
  dryRun?: boolean;
}

/** Kinds of the objects that jobs consist of. */
const kinds = ["ServiceAccount", "Role", "RoleBinding", "CronJob"];

/**
 * Make a cluster's backup jobs those of the platform, with their accounts and rights, and nothing else of it: the rest
 * is as the last apply left it.
 *
 * @throws {UsageError} when the platform has no such jobs, or was never applied there
 */
export async function scheduleOnCluster(
  { platform, manifests }: RenderedPlatform,
  request: ClusterScheduleRequest,
  context: Context,
): Promise<void> {
  if (Object.keys(clusterJobs(platform.backups)).length === 0) {
    throw new UsageError(
      `Cannot schedule backups of ${
        inventoryId(platform)
      } on a cluster: the platform has no job that runs there`,
      { remedy: "declare one under backups.jobs, or add --systemd for those of this host" },
    );
  }
  await using session = await openSession(request, platform.target, context);
  const wanted = manifests.filter(isOfJob);
  const id = inventoryId(platform);
  if (request.dryRun) {
    const { jobs } = await planJobs(session, id, { wanted, manifests }, context);
    showPlan(jobs, context.emit);
    context.emit(summary({ ...planFigures(jobs), writes: 0 }));
    return;
  }
  await underLease(session.client, id, context, async (held) => {
    const { jobs, whole } = await planJobs(session, id, { wanted, manifests }, held);
    showPlan(jobs, held.emit);
    await ask(jobs, session, held);
    const result = await applyPlan(session.client, whole, held);
    held.emit(summary(applyFigures(jobs, result)));
  });
}

function isOfJob({ kind, metadata }: Pick<Manifest, "kind" | "metadata">): boolean {
  return kinds.includes(kind) && metadata.labels?.[backupLabel] !== undefined;
}

/** What jobs need. All else that the last apply put on record stays there, and is left alone. */
async function planJobs(
  { client, name }: Session,
  id: string,
  { wanted, manifests }: { wanted: readonly Manifest[]; manifests: readonly Manifest[] },
  context: Context,
): Promise<{ jobs: Plan; whole: Plan }> {
  const { signal } = context;
  const inventory = await readInventory(client, id, { signal });
  if (inventory.objects.length === 0) {
    throw new UsageError(`Cannot schedule backups of ${id}: it has nothing on ${name}`, {
      remedy: "bring it up with the bootstrap task, which schedules them too",
    });
  }
  const rendered = new Set(manifests.map((manifest) => keyOf(refOf(manifest))));
  const ofJobs = new Set(wanted.map((manifest) => keyOf(refOf(manifest))));
  const scope: ObjectRef[] = [];
  for (const ref of inventory.objects) {
    const isJobs = ofJobs.has(keyOf(ref)) || (
      !rendered.has(keyOf(ref)) && kinds.includes(ref.kind) &&
      isOfJob(await client.get(ref, { signal }) ?? { kind: "", metadata: { name: "" } })
    );
    if (isJobs) scope.push(ref);
  }
  const jobs = await planDeploy(client, wanted, { inventory: { id, objects: scope }, signal });
  const inScope = new Set(scope.map(keyOf));
  const left = inventory.objects.filter((ref) => !inScope.has(keyOf(ref))).map((ref): Change => ({
    ref,
    action: "kept",
    diff: [],
    force: false,
    recreate: false,
    onRecord: true,
  }));
  return { jobs, whole: { inventory, changes: [...jobs.changes, ...left] } };
}

async function ask(plan: Plan, session: Session, context: Context): Promise<void> {
  if (session.embedded || isConverged(plan)) return;
  const { created, configured, pruned } = planFigures(plan);
  const question =
    `Create ${created}, configure ${configured} and prune ${pruned} objects of backup jobs on ${session.name}?`;
  if (!await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the plan was declined");
  }
}
