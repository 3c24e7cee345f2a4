import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { Interrupted, SlipwayError } from "../../core/errors.ts";
import { fieldManager } from "../../core/labels.ts";
import { keyOf, type KubeObject, type ObjectRef, refOf, subjectOf } from "../../core/object.ts";
import { step } from "../../core/steps.ts";
import { throwIfNotReady, waitUntilGone, waitUntilReady } from "../../kube/wait/wait.ts";
import { warn } from "../backup/warn.ts";
import type { ClaimName } from "./claims.ts";
import { podsUsing, scalersOf, type VolumePod } from "./users.ts";

/** Annotation of a workload that is stopped while its volume is restored: how many replicas it had. */
const replicasAnnotation = "slipway.dev/replicas-before-restore";

/** How long pods may take to end, and to be ready again, in milliseconds. */
const pauseTimeoutMs = 10 * 60_000;
/** How long starting them again may take to be asked for when they could not all be stopped, in milliseconds. */
const startAgainMs = 60_000;

interface Scalable extends KubeObject {
  spec?: { replicas?: number; template?: { spec?: VolumePod["spec"] } };
}

/** Workloads that were stopped for a volume. */
export interface Paused {
  /** A pod as they had it: its identity owns the files. */
  like: VolumePod | undefined;
  /** Whether one of them was stopped already, by a run that was killed. */
  byKilledRun: boolean;
  /** Start them again, and wait until they are ready. */
  resume(context: Context): Promise<void>;
}

/**
 * Stop what uses a volume, after it was asked for, and remember on each workload how many replicas it had, so that a
 * run after one that was killed starts them again too.
 *
 * @throws {SlipwayError} when something uses it that cannot be stopped
 * @throws {Interrupted} when the answer is no
 */
export async function pauseUsers(
  client: ClusterClient,
  claim: ClaimName,
  context: Context,
): Promise<Paused> {
  const { signal } = context;
  const name = `${claim.namespace}/${claim.name}`;
  const pods = await podsUsing(client, claim, signal);
  const { scalable, others } = await scalersOf(client, pods, signal);
  const [other] = others;
  if (other !== undefined) {
    throw new SlipwayError(
      `Cannot restore ${name} while ${subjectOf(other)} uses it: it cannot be scaled to nothing`,
      { remedy: "end it, and run the same command again" },
    );
  }
  if (
    scalable.length > 0 && !await context.confirm(
      `Stop ${scalable.map(subjectOf).join(" and ")} until ${name} is restored?`,
    )
  ) throw new Interrupted("Nothing was changed: the answer was no");
  const before = await stoppedFor(client, claim, signal);
  try {
    await stop(client, { scalable, pods }, name, context);
  } catch (error) {
    // What this run stopped runs again; what a killed one did is in need of a whole restore.
    const known = new Set(before.map((workload) => keyOf(refOf(workload))));
    const later = AbortSignal.timeout(startAgainMs);
    for (const workload of await stoppedFor(client, claim, later).catch(() => [])) {
      if (known.has(keyOf(refOf(workload)))) continue;
      await scaleUp(client, workload, later).catch((error) =>
        warn(`${subjectOf(refOf(workload))} does not run again`, error, context)
      );
    }
    throw error;
  }
  const stopped = await stoppedFor(client, claim, signal);
  const spec = stopped[0]?.spec?.template?.spec;
  const like = pods[0] ?? (spec && { apiVersion: "v1", kind: "Pod", metadata: { name: "" }, spec });
  return {
    like,
    byKilledRun: before.length > 0,
    async resume(context) {
      if (stopped.length === 0) return;
      const refs = stopped.map(refOf);
      await step(context, `Start ${refs.map(subjectOf).join(", ")} again`, async () => {
        for (const workload of stopped) await scaleUp(client, workload, context.signal);
        throwIfNotReady(
          await waitUntilReady(client, refs, { ...context, timeoutMs: pauseTimeoutMs }),
        );
      });
    },
  };
}

async function stop(
  client: ClusterClient,
  { scalable, pods }: { scalable: readonly ObjectRef[]; pods: readonly VolumePod[] },
  name: string,
  context: Context,
): Promise<void> {
  await step(context, `Stop what uses ${name}`, async () => {
    for (const ref of scalable) await scaleDown(client, ref, context.signal);
    const gone = pods.map(refOf);
    throwIfNotReady(
      await waitUntilGone(client, gone, { ...context, timeoutMs: pauseTimeoutMs }),
    );
  }, () => scalable.length === 0 ? "nothing does" : scalable.map(subjectOf).join(", "));
}

async function scaleDown(
  client: ClusterClient,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<void> {
  const found = await client.get<Scalable>(ref, { signal });
  const replicas = found?.spec?.replicas ?? 1;
  if (found === undefined || replicas === 0) return;
  await client.patch(ref, {
    metadata: {
      resourceVersion: found.metadata.resourceVersion,
      annotations: { [replicasAnnotation]: String(replicas) },
    },
    spec: { replicas: 0 },
  }, { signal, fieldManager: `${fieldManager}-restore` });
}

async function scaleUp(
  client: ClusterClient,
  workload: Scalable,
  signal: AbortSignal,
): Promise<void> {
  const replicas = Number(workload.metadata.annotations?.[replicasAnnotation]);
  await client.patch(refOf(workload), {
    metadata: { annotations: { [replicasAnnotation]: null } },
    spec: { replicas },
  }, { signal, fieldManager: `${fieldManager}-restore` });
}

/** Workloads with this claim that this run or a killed one has stopped. */
async function stoppedFor(
  client: ClusterClient,
  { namespace, name }: ClaimName,
  signal: AbortSignal,
): Promise<Scalable[]> {
  const found: Scalable[] = [];
  for (const kind of ["Deployment", "StatefulSet", "ReplicaSet"]) {
    const { items } = await client.list<Scalable>(
      { apiVersion: "apps/v1", kind, namespace },
      { signal },
    );
    found.push(
      ...items.filter((workload) =>
        workload.metadata.annotations?.[replicasAnnotation] !== undefined &&
        (kind === "StatefulSet" && name.includes(`-${workload.metadata.name}-`) ||
          workload.spec?.template?.spec?.volumes?.some(({ persistentVolumeClaim }) =>
            persistentVolumeClaim?.claimName === name
          ))
      ),
    );
  }
  return found;
}
