import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { loadPlatform } from "../../platform/load.ts";
import { type ControllerPlace, controllerPlace, usualController } from "../../platform/sealing.ts";
import type { Platform } from "../../platform/types.ts";
import { clusterOperators } from "../embedded/operators.ts";
import { readPlatformFile } from "../render/render.ts";
import { openSession, type Session } from "../session.ts";
import { chooseTarget, type TargetRequest } from "../target.ts";
import { type Controller, openController } from "./controller.ts";

/** Which controller is meant: that of a platform, or one on a cluster. */
export interface SealingTargetRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform?: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Name of the controller's Service and Deployment. */
  controllerName?: string;
  /** Its namespace. */
  controllerNamespace?: string;
}

/** A cluster with a Sealed Secrets controller. */
export interface SealingTarget extends AsyncDisposable {
  /** The cluster. */
  session: Session;
  /** Where the controller is on it. */
  place: ControllerPlace;
  /** The platform that was named. */
  platform?: Platform;
  /** Its file. */
  file?: string;
}

/** Whether a command line says which cluster is meant. */
export function namesCluster({ kubeconfig, context, cluster }: TargetRequest): boolean {
  return kubeconfig !== undefined || context !== undefined || cluster !== undefined;
}

/**
 * Connect to the cluster whose controller is meant.
 *
 * @throws {SlipwayError} when it does not answer
 */
export async function openSealingTarget(
  request: SealingTargetRequest,
  context: Context,
): Promise<SealingTarget> {
  const named = await namedPlatform(request, context);
  const { platform } = named;
  const declared = platform === undefined ? usualController : controllerPlace(platform);
  const session = await openSession(request, platform?.target, context);
  return {
    ...named,
    session,
    place: {
      name: request.controllerName ?? declared.name,
      namespace: request.controllerNamespace ?? declared.namespace,
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** The platform that a command line names, if any, and its file. */
async function namedPlatform(
  { platform: wanted, env }: Pick<SealingTargetRequest, "platform" | "env">,
  context: Pick<Context, "cwd">,
): Promise<{ platform?: Platform; file?: string; text?: string }> {
  if (wanted === undefined) return {};
  const { file, text } = await readPlatformFile(wanted, context);
  return { platform: loadPlatform(text, { file, environment: env }), file, text };
}

/**
 * The way to a controller: through the API server, or straight to it where it runs as a process beside an embedded
 * cluster, whose API server reaches no address on loopback.
 *
 * @throws {SlipwayError} when there is none
 */
export async function reachController(
  { session, place }: Pick<SealingTarget, "session" | "place">,
  request: SealingTargetRequest,
  context: Context,
): Promise<Controller> {
  if (session.embedded) return await processController(session.name, context);
  const target = chooseTarget(request, { context: session.name });
  return await openController({
    controllerName: place.name,
    controllerNamespace: place.namespace,
    ...(target.kind === "kubeconfig" ? target : {}),
  }, context);
}

async function processController(cluster: string, context: Context): Promise<Controller> {
  const running = (await clusterOperators(cluster, context))
    .find(({ name }) => name === "sealed-secrets");
  if (running === undefined) {
    throw new UsageError(
      `The embedded cluster ${cluster} has no Sealed Secrets controller`,
      {
        remedy:
          `start it with \`deno task cluster up --name ${cluster} --operators sealed-secrets\``,
      },
    );
  }
  return controllerAt(running.url, `sealed-secrets of the embedded cluster ${cluster}`, context);
}

/** A controller that listens at a URL. */
export function controllerAt(
  url: string,
  source: string,
  { signal }: Pick<Context, "signal">,
): Controller {
  return {
    source,
    async ask(method, path, body) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
      const answer = await fetch(url + path, { method, body: body ?? null, signal: deadline });
      return { status: answer.status, text: await answer.text() };
    },
    [Symbol.dispose]: () => {},
  };
}
