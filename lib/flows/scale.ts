import { closest } from "../core/closest.ts";
import type { Context } from "../core/context.ts";
import { ExitCode, Interrupted, UsageError } from "../core/errors.ts";
import { type Manifest, type ObjectRef, refOf, subjectOf } from "../core/object.ts";
import { elapsedMs, step } from "../core/steps.ts";
import { waitUntilReady } from "../kube/wait/wait.ts";
import { throwIfNotReady } from "../kube/wait/result.ts";
import { renderPlatform } from "./render/render.ts";
import { openSession } from "./session.ts";
import { summary } from "./show.ts";
import type { TargetRequest } from "./target.ts";

/** What is to be scaled, and how far. */
export interface ScaleRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Name of a Deployment or StatefulSet. */
  workload: string;
  /** How many replicas it is to have. */
  replicas: number;
  /** Show what would change, and change nothing. */
  dryRun?: boolean;
  /** Give up after this time, in milliseconds. */
  timeout?: number;
}

/** One object that is patched to scale a workload. */
export interface ScalePatch {
  /** The workload, or the autoscaler that decides on its replicas. */
  ref: ObjectRef;
  /** RFC 7386 merge patch. */
  patch: unknown;
  /** Subresource that takes the patch. */
  subresource?: "scale";
}

/** Manager of what `scale` sets: a hand's work, which the next apply takes back. */
const scaleManager = "slipway-scale";

/** Set the replicas of a workload until the next apply, and wait until they are ready. */
export async function scale(request: ScaleRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const { platform, manifests } = await renderPlatform(request, context);
  const { workload, patches } = planScale(manifests, request.workload, request.replicas);
  await using session = await openSession(request, platform.target, context);
  const because = `${request.replicas} replicas for ${subjectOf(workload)}`;
  for (const { ref } of patches) {
    const subject = subjectOf(ref);
    context.emit({ type: "change", phase: "plan", action: "configured", subject, because });
  }
  if (!request.dryRun && !session.embedded) {
    const question = `Scale ${
      subjectOf(workload)
    } to ${request.replicas} replicas on ${session.name}?`;
    if (!await context.confirm(question)) {
      throw new Interrupted("Nothing was changed: the plan was declined");
    }
  }
  const { dryRun = false } = request;
  for (const { ref, patch, subresource } of patches) {
    const options = { dryRun, signal: context.signal, subresource, fieldManager: scaleManager };
    await session.client.patch(ref, patch, options);
  }
  if (!dryRun) {
    const refs = patches.map(({ ref }) => ref);
    const timeoutMs = request.timeout ?? 5 * 60_000;
    const waited = await step(
      context,
      "Wait until the replicas are ready",
      () => waitUntilReady(session.client, refs, { ...context, timeoutMs }),
    );
    throwIfNotReady(waited);
    context.emit({
      type: "note",
      level: "info",
      message: `the next apply sets the replicas of ${platform.name}'s platform file again`,
      remedy: "write the figure into the platform file to keep it",
    });
  }
  const durationMs = elapsedMs(startedAt, context);
  context.emit(
    summary({
      configured: dryRun ? 0 : patches.length,
      writes: dryRun ? 0 : patches.length,
      durationMs,
    }),
  );
  return ExitCode.done;
}

/**
 * How to scale a workload. Where an autoscaler decides on its replicas, its least number is set too, since it would
 * undo anything less.
 *
 * @throws {UsageError} when there is no such workload, or the autoscaler's most is less than what is wanted
 */
export function planScale(
  manifests: readonly Manifest[],
  name: string,
  replicas: number,
): { workload: ObjectRef; patches: ScalePatch[] } {
  const scalable = manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  const found = scalable.filter(({ metadata }) => metadata.name === name);
  if (found.length !== 1) {
    const names = scalable.map(({ metadata }) => metadata.name);
    const meant = closest(name, names);
    throw new UsageError(
      `Cannot scale ${name}: the platform has ${
        found.length === 0 ? "no" : "more than one"
      } workload of this name`,
      { remedy: meant === undefined ? `name one of ${names.join(", ")}` : `did you mean ${meant}` },
    );
  }
  const workload = refOf(found[0]!);
  const direct: ScalePatch = { ref: workload, subresource: "scale", patch: { spec: { replicas } } };
  const autoscaler = manifests.find((manifest) =>
    manifest.kind === "HorizontalPodAutoscaler" && scales(manifest, workload)
  );
  if (autoscaler === undefined) {
    return { workload, patches: [direct] };
  }
  const { maxReplicas } = autoscaler["spec"] as { maxReplicas: number };
  if (replicas < 1 || replicas > maxReplicas) {
    throw new UsageError(
      `Cannot scale ${name} to ${replicas} replicas: its autoscaler allows 1 to ${maxReplicas}`,
      { remedy: "raise the most replicas of its autoscaling in the platform file and apply it" },
    );
  }
  const least = { ref: refOf(autoscaler), patch: { spec: { minReplicas: replicas } } };
  return { workload, patches: [least, direct] };
}

function scales(autoscaler: Manifest, workload: ObjectRef): boolean {
  const { scaleTargetRef } = autoscaler["spec"] as {
    scaleTargetRef: { kind: string; name: string };
  };
  return autoscaler.metadata.namespace === workload.namespace &&
    scaleTargetRef.kind === workload.kind &&
    scaleTargetRef.name === workload.name;
}
