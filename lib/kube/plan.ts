import type { ClusterClient } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import { SlipwayError, UsageError } from "../core/errors.ts";
import {
  keyOf,
  type KubeObject,
  type Manifest,
  type ObjectRef,
  refOf,
  subjectOf,
} from "../core/object.ts";
import { StatusError } from "../core/status_error.ts";
import { dryRun } from "./dry_run.ts";
import { diffObjects, type FieldChange } from "./field_diff.ts";
import type { Inventory } from "./inventory.ts";
import { readLive } from "./live.ts";
import { isShared, otherInventories, ownershipOf } from "./ownership.ts";
import { isProvenUnchanged } from "./proven_unchanged.ts";
import { pruneVerdict } from "./prune.ts";
import { refusalOf } from "./refusal.ts";
import { loadValidator, renderedKinds } from "./structural.ts";

/** What is to happen to one object, and why. */
export interface Change {
  /** The object. */
  ref: ObjectRef;
  /**
   * What is to happen. `conflicted` and `failed` stop the apply of the whole plan; `kept` objects left the
   * render and stay on the cluster.
   */
  action: "created" | "configured" | "unchanged" | "pruned" | "kept" | "conflicted" | "failed";
  /** Why, in one line. */
  because?: string;
  /** What to do about a conflict or failure. */
  remedy?: string;
  /** What cannot be known before it is done, in one line. */
  unknown?: string;
  /** Fields that change; empty unless configured or conflicted. */
  diff: FieldChange[];
  /** What is applied; absent for objects that left the render. */
  manifest?: Manifest;
  /** UID of the live object that the decision was made on. */
  liveUid?: string;
  /** Whether fields of other managers are taken over. */
  force: boolean;
  /** Whether the object is deleted and made again, since an immutable field changes. */
  recreate: boolean;
  /** For kept objects: whether the inventory goes on naming it. */
  onRecord?: boolean;
}

/** What an apply would do, decided without a change to the cluster. */
export interface Plan {
  /** The inventory as it stands on the cluster. */
  inventory: Inventory;
  /** One change for each rendered object in the order of the render, then one for each that left it. */
  changes: Change[];
}

/** How to plan. */
export interface PlanOptions {
  /** The inventory as it stands on the cluster. */
  inventory: Inventory;
  /** Take over fields from any manager, not only from hand tools. @default false */
  takeOver?: boolean;
  /** Let PersistentVolumeClaims and Namespaces be pruned. @default false */
  pruneData?: boolean;
  /** Live objects that were read already and need not be read again. */
  known?: readonly KubeObject[];
  /** Requests under way at once. @default 24 */
  concurrency?: number;
  /** Ends the planning. */
  signal?: AbortSignal;
  /** Told after each object: how many are planned, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Ask the API server what an apply of these manifests would do, by a dry run of each; those whose live objects
 * prove by their own record that nothing would change need not be asked for. Problems of single objects are
 * changes with the action `conflicted` or `failed`; only what makes the whole plan impossible is thrown.
 *
 * @throws {UsageError} when two manifests are the same object, or none is left of what was rendered before
 * @throws {SlipwayError} when the API server cannot be reached
 */
export async function planDeploy(
  client: ClusterClient,
  manifests: readonly Manifest[],
  options: PlanOptions,
): Promise<Plan> {
  const { inventory, signal, concurrency = 24 } = options;
  refuseDuplicates(manifests);
  if (manifests.length === 0 && inventory.objects.length > 0) {
    throw new UsageError(
      `Cannot plan ${inventory.id}: the render is empty, and pruning would remove all ${inventory.objects.length} objects on record`,
      { remedy: "check the platform file; to remove everything on purpose, use the destroy task" },
    );
  }
  const kinds = renderedKinds(manifests);
  if (kinds.size > 0) await loadValidator();
  const { known = [] } = options;
  const live = await readLive(client, manifests, inventory.id, { signal, concurrency, known });
  const surroundings = {
    kinds,
    liveNamespaces: live.namespaces,
    renderedNamespaces: new Set(
      manifests.filter(({ kind, apiVersion }) => kind === "Namespace" && apiVersion === "v1")
        .map(({ metadata }) => metadata.name),
    ),
  };
  const namedBy = otherInventories(client, inventory.id, { signal });
  let done = 0;
  const rendered = await mapConcurrently(manifests, concurrency, async (manifest) => {
    const change = await planOne(client, manifest, live.objects.get(keyOf(refOf(manifest))));
    options.onProgress?.(++done, manifests.length);
    return change;
  });
  const stale = await planPrune(client, manifests, options);
  return { inventory, changes: [...rendered, ...stale] };

  async function planOne(
    client: ClusterClient,
    manifest: Manifest,
    listed: KubeObject | undefined,
  ): Promise<Change> {
    const ref = refOf(manifest);
    const base = { ref, manifest, diff: [], force: false, recreate: false };
    if (listed !== undefined && isProvenUnchanged(manifest, listed)) {
      return { ...base, action: "unchanged", liveUid: listed.metadata.uid };
    }
    try {
      const outcome = await dryRun(client, manifest, surroundings, {
        takeOver: options.takeOver ?? false,
        signal,
      });
      if (outcome.kind === "unknown") {
        return { ...base, action: "created", unknown: outcome.unknown };
      }
      if (outcome.kind === "conflict") {
        return { ...base, action: "conflicted", because: outcome.because, remedy: outcome.remedy };
      }
      const { because, force } = outcome;
      const isNew = outcome.object.metadata.resourceVersion === undefined;
      const before = listed ?? (isNew ? undefined : await client.get(ref, { signal }));
      if (before === undefined) return { ...base, action: "created", because, force };
      const ownership = await ownershipOf(manifest, before, inventory.id, namedBy);
      if (ownership.kind === "left") {
        const { because } = ownership;
        return { ...base, action: "unchanged", because, liveUid: before.metadata.uid };
      }
      if (ownership.kind === "conflict") {
        return { ...base, ...ownership, action: "conflicted" };
      }
      const changed = { ...base, because, force, liveUid: before.metadata.uid };
      const diff = diffObjects(before, outcome.object);
      if (outcome.kind === "recreate") {
        // The manifest lacks the server's defaults, so what seems to go may merely be one of them.
        const set = diff.filter(({ after }) => after !== undefined);
        return { ...changed, action: "configured", recreate: true, diff: set };
      }
      return diff.length === 0
        ? { ...changed, action: "unchanged", because: undefined, force: false }
        : { ...changed, action: "configured", diff };
    } catch (error) {
      if (
        !(error instanceof StatusError) && (!(error instanceof SlipwayError) || error.retryable)
      ) throw error;
      return { ...base, action: "failed", ...refusalOf(error, ref) };
    }
  }
}

/** Decide on objects that the inventory names and the render no longer does. */
export async function planPrune(
  client: ClusterClient,
  manifests: readonly Manifest[],
  { inventory, pruneData = false, concurrency = 24, signal }: PlanOptions,
): Promise<Change[]> {
  const rendered = new Set(manifests.map((manifest) => keyOf(refOf(manifest))));
  const stale = inventory.objects.filter((ref) => !rendered.has(keyOf(ref)));
  const namedBy = otherInventories(client, inventory.id, { signal });
  const changes = await mapConcurrently(
    stale,
    concurrency,
    async (ref): Promise<Change | undefined> => {
      if (await client.resourceType(ref.apiVersion, ref.kind) === undefined) return undefined;
      const live = await client.get(ref, { signal });
      if (live === undefined) return undefined;
      const { prune, onRecord, because } = pruneVerdict(live, {
        inventory: inventory.id,
        pruneData,
        neededBy: isShared(live) ? (await namedBy(ref))[0] : undefined,
      });
      return {
        ref,
        action: prune ? "pruned" : "kept",
        because,
        diff: [],
        liveUid: live.metadata.uid,
        force: false,
        recreate: false,
        onRecord,
      };
    },
  );
  return changes.filter((change) => change !== undefined);
}

/** The changes that keep a plan from being applied. */
export function blockedChanges(plan: Plan): Change[] {
  return plan.changes.filter(({ action }) => action === "conflicted" || action === "failed");
}

/** Whether a plan needs no write at all. */
export function isConverged(plan: Plan): boolean {
  return plan.changes.every(({ action }) => action === "unchanged" || action === "kept");
}

function refuseDuplicates(manifests: readonly Manifest[]): void {
  const seen = new Set<string>();
  for (const manifest of manifests) {
    const key = keyOf(refOf(manifest));
    if (seen.has(key)) {
      throw new UsageError(`Cannot plan: ${subjectOf(refOf(manifest))} is rendered twice`, {
        remedy: "give one of the two another name",
      });
    }
    seen.add(key);
  }
}
