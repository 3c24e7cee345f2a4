import type { ClusterClient } from "../../core/cluster.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, UsageError } from "../../core/errors.ts";
import { type KubeObject, subjectOf } from "../../core/object.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { parseQuantity } from "../../core/units.ts";
import { conditionOf, textAt } from "../../kube/ready/fields.ts";
import { ready, type Verdict, waiting } from "../../kube/ready/verdict.ts";
import { waitUntil } from "../../kube/wait/until.ts";
import { renderPlatform } from "../render/render.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { claimNamed, claimRef, readClaim, type VolumeClaim } from "./claims.ts";
import { type ClaimExpansion, planExpansion, type VolumeClass } from "./expansion.ts";
import { writeSize } from "./platform_size.ts";
import { bringBackAll, claimsOfTemplate, growTemplate, templateOf } from "./stateful_set.ts";

/** Which volume is to be bigger, and how big. */
export interface ExpandVolumeRequest extends TargetRequest {
  /** A claim, as `namespace/claim` or by a name in the platform's `volumes`; of a StatefulSet, any of its claims. */
  claim: string;
  /** New size, such as `20Gi`. */
  size: string;
  /** Platform whose file is to say the new size. */
  platform?: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Show what would change, and change nothing. @default false */
  dryRun?: boolean;
  /** Give up after this time, in milliseconds. @default 600_000 */
  timeout?: number;
}

/**
 * Make a volume bigger; of a claim that a StatefulSet has for its pods, all of its kind, and the template that new pods
 * get theirs from. Interrupted anywhere, the same command goes on from there.
 */
export async function expandVolume(
  request: ExpandVolumeRequest,
  context: Context,
): Promise<ExitCode> {
  const { signal, emit, now } = context;
  const startedAt = now();
  const { size, dryRun = false } = request;
  if (!(parseQuantity(size) > 0)) {
    throw new UsageError(`Cannot make a volume ${size} big: wanted a size such as 20Gi`);
  }
  const { platform } = request.platform === undefined
    ? { platform: undefined }
    : await renderPlatform({ ...request, platform: request.platform }, context);
  const name = claimNamed(request.claim, platform);
  await using session = await openSession(request, platform?.target, context);
  const { client } = session;
  if (!dryRun) {
    for (const set of await bringBackAll(client, name.namespace, context)) {
      const message =
        `StatefulSet ${name.namespace}/${set} is back: a run that was killed had left it away`;
      emit({ type: "note", level: "warning", message });
    }
  }
  const template = await templateOf(client, name, signal);
  const claims = template === undefined
    ? [await readClaim(client, name, signal)]
    : await claimsOfTemplate(client, template, signal);
  const plan = planExpansion(claims, await classesOf(client, claims, signal), size);
  const asked = plan.filter(({ ask }) => ask);
  for (const { claim, from, ask } of plan) {
    emit({
      type: "change",
      phase: "plan",
      action: ask ? "configured" : "unchanged",
      subject: subjectOf(refOfClaim(claim)),
      because: ask ? `${from} becomes ${size}` : `is to have ${from} already`,
    });
  }
  if (!dryRun) {
    const question = `Make ${asked.length} volumes ${size} big on ${session.name}, for good?`;
    if (asked.length > 0 && !session.embedded && !await context.confirm(question)) {
      throw new Interrupted("Nothing was changed: the answer was no");
    }
    await grow(client, plan, request, context);
  }
  const renewed = template !== undefined && !dryRun &&
    await growTemplate(client, template, size, context);
  if (request.platform !== undefined) {
    const sized = template ?? name;
    const where = { ...request, platform: request.platform };
    if (await writeSize(where, sized, size, context) === "not-found") {
      emit({
        type: "note",
        level: "warning",
        message:
          `the platform file has no place for the size of ${request.claim} that this task can find`,
        remedy: `write ${size} there, or the next apply wants the old size again`,
      });
    }
  } else if (!dryRun) {
    emit({
      type: "note",
      level: "info",
      message: `no platform file was changed`,
      remedy: `write ${size} into the one that declares it, or name it with --platform`,
    });
  }
  emit({
    type: "summary",
    volumes: plan.length,
    expanded: dryRun ? 0 : asked.length,
    templateRenewed: renewed,
    durationMs: elapsedMs(startedAt, context),
  });
  return ExitCode.done;
}

async function grow(
  client: ClusterClient,
  plan: readonly ClaimExpansion[],
  { size, timeout = 600_000 }: ExpandVolumeRequest,
  context: Context,
): Promise<void> {
  const { signal, emit } = context;
  await step(context, `Expand ${plan.length} volumes to ${size}`, async () => {
    for (const { claim, ask } of plan) {
      if (!ask) continue;
      await client.patch(refOfClaim(claim), {
        metadata: { uid: claim.metadata.uid },
        spec: { resources: { requests: { storage: size } } },
      }, { signal });
    }
    await mapConcurrently(plan, 4, async ({ claim }) => {
      const ref = refOfClaim(claim);
      const grown = await waitUntil(client, ref, (found) => hasSize(found, size), {
        ...context,
        timeoutMs: timeout,
        purpose: `${subjectOf(ref)} to have ${size}`,
        remedy: "see its events with `kubectl describe`, and the log of its storage's driver",
      });
      if (isPendingRestart(grown)) {
        emit({
          type: "note",
          level: "warning",
          message: `${
            subjectOf(ref)
          } has ${size}, and its file system grows when its pod starts again`,
          remedy: "restart what uses it",
        });
      }
    });
  });
}

function hasSize(claim: KubeObject | undefined, size: string): Verdict {
  if (claim === undefined) return waiting("it is not there");
  if (isPendingRestart(claim)) return ready("its file system grows with its pod");
  const has = textAt(claim, "status", "capacity", "storage") ?? "0";
  return parseQuantity(has) >= parseQuantity(size)
    ? ready(`it has ${has}`)
    : waiting(`it has ${has} of ${size}`);
}

function isPendingRestart(claim: KubeObject): boolean {
  return conditionOf(claim, "FileSystemResizePending")?.status === "True";
}

async function classesOf(
  client: ClusterClient,
  claims: readonly VolumeClaim[],
  signal: AbortSignal,
): Promise<Map<string, VolumeClass>> {
  const names = new Set(claims.flatMap(({ spec }) => spec.storageClassName ?? []));
  const found = await Promise.all(
    [...names].map((name) =>
      client.get<VolumeClass>(
        { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name },
        { signal },
      )
    ),
  );
  return new Map(found.flatMap((each) => each === undefined ? [] : [[each.metadata.name, each]]));
}

function refOfClaim({ metadata: { namespace, name } }: VolumeClaim) {
  return claimRef({ namespace: namespace!, name });
}
