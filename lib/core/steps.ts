import type { Context } from "./context.ts";

/** Tells how far a step has come. */
export type Progress = (detail: string, done?: number, total?: number) => void;

/** Time since a moment, in whole milliseconds. */
export function elapsedMs(startedAt: Temporal.Instant, { now }: Pick<Context, "now">): number {
  // A clock that was set back since would make it less than nothing, which no record may say.
  return Math.max(0, Math.round(now().since(startedAt).total("milliseconds")));
}

/**
 * Do one step of a flow, and tell of its start, its progress and its end as stage events.
 * `work` may return what the step did, as the detail of its `done` event, in `summary`.
 *
 * @example
 * ```ts
 * const plan = await step(context, "Compare with the cluster", (progress) => planDeploy(client, manifests, …));
 * ```
 */
export async function step<T>(
  context: Pick<Context, "emit" | "now" | "signal">,
  stage: string,
  work: (progress: Progress) => Promise<T>,
  summary: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  const { emit, signal } = context;
  signal.throwIfAborted();
  const startedAt = context.now();
  emit({ type: "stage", stage, state: "started" });
  const progress: Progress = (detail, done, total) =>
    emit({ type: "stage", stage, state: "progress", detail, done, total });
  try {
    const result = await work(progress);
    const detail = summary(result);
    emit({
      type: "stage",
      stage,
      state: "done",
      durationMs: elapsedMs(startedAt, context),
      ...(detail === undefined ? {} : { detail }),
    });
    return result;
  } catch (error) {
    emit({ type: "stage", stage, state: "failed", durationMs: elapsedMs(startedAt, context) });
    throw error;
  }
}
