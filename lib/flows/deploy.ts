import type { Context } from "../core/context.ts";
import { ExitCode, Interrupted, SlipwayError } from "../core/errors.ts";
import type { Emit } from "../core/events.ts";
import { inventoryId } from "../core/labels.ts";
import { subjectOf } from "../core/object.ts";
import { elapsedMs, step } from "../core/steps.ts";
import { applyPlan, type ApplyResult, emptyResult } from "../kube/apply.ts";
import { readInventory } from "../kube/inventory.ts";
import { blockedChanges, isConverged, type Plan, planDeploy } from "../kube/plan.ts";
import { throwIfNotReady, type WaitResult, waitUntilReady } from "../kube/wait/wait.ts";
import { closingTables } from "./closing.ts";
import { desiredManifests } from "./desired.ts";
import { startFor } from "./embedded/nodes.ts";
import { type RenderedPlatform, renderPlatform } from "./render/render.ts";
import { countFindings } from "./review.ts";
import { wakeFailing } from "./secrets/wake.ts";
import { openSession, type Session } from "./session.ts";
import { applyFigures, planFigures, showPlan, summary } from "./show.ts";
import { admittedOn } from "./embedded/simulated.ts";
import { chooseTarget, type TargetRequest } from "./target.ts";
import { underLease } from "./under_lease.ts";

/** What is to be deployed, and how. */
export interface DeployRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms. */
  platform: string;
  /** Environment whose overlay is laid over the platform; its only one when absent. */
  env?: string;
  /** Stop before the first change. */
  dryRun?: boolean;
  /** Take over fields from any manager. */
  takeOver?: boolean;
  /** Let claims and namespaces that left the render be deleted. */
  pruneData?: boolean;
  /** Wait until all is ready. @default true */
  wait?: boolean;
  /** Give up after this time, in milliseconds. */
  timeout?: number;
}

/** How long everything may take to become ready when no time-out is given, in milliseconds. */
const readyTimeoutMs = 10 * 60_000;

/** Left of a given time-out for ending in order, with the cause on the screen, in milliseconds. */
const endingMs = 1_000;

/**
 * Bring a platform up: start the embedded cluster where that is the target, apply, and wait
 * until everything is ready. Run again, it finds nothing to do; interrupted, it goes on.
 */
export function bootstrap(request: DeployRequest, context: Context): Promise<ExitCode> {
  return deploy(request, context, { isBootstrap: true });
}

/** Apply a platform to a cluster that runs, and wait until everything is ready. */
export function apply(request: DeployRequest, context: Context): Promise<ExitCode> {
  return deploy(request, context, { isBootstrap: false });
}

/** Show what an apply would change; the exit code is 5 when that is anything. */
export async function diff(request: DeployRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const rendered = await read(request, context);
  await using session = await openSession(request, rendered.platform.target, context);
  const plan = await makePlan(session, rendered, request, context);
  showPlan(plan, context.emit);
  context.emit(summary({ ...planFigures(plan), durationMs: elapsedMs(startedAt, context) }));
  if (planFigures(plan)["failed"]! > 0) return ExitCode.failed;
  return isConverged(plan) ? ExitCode.done : ExitCode.differences;
}

async function deploy(
  request: DeployRequest,
  context: Context,
  { isBootstrap }: { isBootstrap: boolean },
): Promise<ExitCode> {
  const startedAt = context.now();
  const result = emptyResult();
  let figures = () => applyFigures(undefined, result);
  try {
    const rendered = await read(request, context);
    await using session = await openSession(request, rendered.platform.target, context, {
      start: isBootstrap && request.dryRun !== true
        ? startFor(rendered.platform, context)
        : undefined,
    });
    if (request.dryRun) {
      const plan = await makePlan(session, rendered, request, context);
      showPlan(plan, context.emit);
      figures = () => ({ ...planFigures(plan), writes: 0 });
      return blockedChanges(plan).length > 0 ? ExitCode.failed : ExitCode.done;
    }
    const plan = await underLease(
      session.client,
      inventoryId(rendered.platform),
      context,
      async (held) => {
        const plan = await makePlan(session, rendered, request, held);
        figures = () => applyFigures(plan, result);
        await showAndAsk(plan, session, isBootstrap, held);
        await applyPlan(session.client, plan, { ...held, result });
        return plan;
      },
    );
    throwIfPartly(result);
    if (request.wait === false) return ExitCode.done;
    const waited = await waitForAll(session, plan, request, startedAt, context, (waited) => {
      result.failed += waited.objects.filter(({ state }) => state === "failed").length;
      throwIfNotReady(waited);
    });
    closingTables({ request, rendered, session, waited, emit: context.emit });
    return ExitCode.done;
  } finally {
    context.emit(summary({ ...figures(), durationMs: elapsedMs(startedAt, context) }));
  }
}

async function read(request: DeployRequest, context: Context): Promise<RenderedPlatform> {
  const rendered = await step(
    context,
    `Render ${request.platform}`,
    () => renderPlatform(request, context),
    ({ manifests, platform }) => `${manifests.length} objects for ${platform.environment}`,
  );
  const { kind } = chooseTarget(request, rendered.platform.target);
  countFindings(rendered, { placeholders: kind === "embedded" }, context);
  return rendered;
}

async function makePlan(
  session: Session,
  rendered: RenderedPlatform,
  request: DeployRequest,
  context: Context,
): Promise<Plan> {
  const { manifests, known } = await desiredManifests(session, rendered, context);
  return await step(
    context,
    "Compare with the cluster",
    async (progress) => {
      const { client } = session;
      const { signal } = context;
      const inventory = await readInventory(client, inventoryId(rendered.platform), { signal });
      return await planDeploy(client, manifests, {
        inventory,
        known,
        signal,
        takeOver: request.takeOver,
        pruneData: request.pruneData,
        onProgress: (done, total) => progress("objects compared", done, total),
      });
    },
    (plan) => {
      const { created, configured, unchanged, pruned } = planFigures(plan);
      return `${created} to create, ${configured} to configure, ${pruned} to prune, ${unchanged} unchanged`;
    },
  );
}

/** A first bootstrap of the embedded cluster creates everything, which is no news; all else is shown before it is done. */
async function showAndAsk(
  plan: Plan,
  session: Session,
  isBootstrap: boolean,
  context: Context,
): Promise<void> {
  const isNews = !isBootstrap || !session.embedded;
  showPlan(
    isNews ? plan : { ...plan, changes: plan.changes.filter(({ action }) => action !== "created") },
    context.emit,
  );
  if (session.embedded || isConverged(plan)) return;
  const { created, configured, pruned } = planFigures(plan);
  const question =
    `Create ${created}, configure ${configured} and prune ${pruned} objects on ${session.name}?`;
  if (!await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the plan was declined");
  }
}

async function waitForAll(
  session: Session,
  plan: Plan,
  request: DeployRequest,
  startedAt: Temporal.Instant,
  context: Context,
  judge: (waited: WaitResult) => void,
): Promise<WaitResult> {
  const refs = plan.changes.filter(({ manifest }) => manifest !== undefined).map(({ ref }) => ref);
  const timeoutMs = request.timeout === undefined
    ? readyTimeoutMs
    : Math.max(0, request.timeout - elapsedMs(startedAt, context) - endingMs);
  return await step(
    context,
    "Wait until everything is ready",
    async (progress) => {
      const open = new Set(refs.map(subjectOf));
      const emit: Emit = (event) => {
        context.emit(event);
        if (event.type !== "wait") return;
        if (event.state === "waiting" || event.state === "failed") open.add(event.subject);
        else open.delete(event.subject);
        progress(`${event.subject}: ${event.because}`, refs.length - open.size, refs.length);
      };
      const manifests = plan.changes.flatMap(({ manifest }) => manifest ?? []);
      const admitted = admittedOn(session, manifests);
      await wakeFailing(session.client, refs.filter((ref) => !admitted(ref)), context);
      const waited = await waitUntilReady(session.client, refs, {
        ...context,
        emit,
        timeoutMs,
        justApplied: true,
        admitted,
      });
      judge(waited);
      return waited;
    },
    ({ objects }) => {
      const count = (state: string) => objects.filter((object) => object.state === state).length;
      return `${count("ready")} ready, ${count("admitted")} admitted`;
    },
  );
}

/** @throws {SlipwayError} with exit code 3 when some objects could not be written */
function throwIfPartly({ failed, failures, created, configured }: ApplyResult): void {
  if (failed === 0) return;
  throw new SlipwayError(
    `${created + configured} objects are applied, ${failed} could not be:\n${
      failures.map(({ message }) => `  ${message}`).join("\n")
    }`,
    {
      exitCode: ExitCode.partly,
      remedy: failures.find(({ remedy }) => remedy !== undefined)?.remedy ??
        "mend what the messages name, and run the command again; it goes on from here",
    },
  );
}
