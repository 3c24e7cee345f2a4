import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import { hasReason } from "../core/status_error.ts";
import { ConnectionFailed } from "../kube/client/connection_error.ts";
import { exists } from "../local/files.ts";
import { clusterFolder, localFolders } from "../local/paths.ts";
import type { Target as DeclaredTarget } from "../platform/types.ts";
import { startCluster, type StartOptions } from "./embedded/cluster.ts";
import { connect } from "./connect.ts";
import { clusterOperators, type OperatorName } from "./embedded/operators.ts";
import { chooseTarget, type TargetRequest } from "./target.ts";

/** A cluster that a flow works on; dispose it to close the connection. */
export interface Session extends AsyncDisposable {
  /** The way to its API server. */
  client: ClusterClient;
  /** Whether it is the embedded one, where container images are not run. */
  embedded: boolean;
  /** Operators that run beside the embedded one. */
  operators: readonly OperatorName[];
  /** Name of the embedded cluster, or of the kubeconfig's context. */
  name: string;
}

/**
 * Choose the target, tell it, and connect to it; start the embedded cluster first where `start` says how.
 *
 * @throws {SlipwayError} when the cluster does not answer, naming what to do about it
 */
export async function openSession(
  request: TargetRequest,
  declared: DeclaredTarget | undefined,
  context: Context,
  { start }: { start?: StartOptions } = {},
): Promise<Session> {
  const target = chooseTarget(request, declared);
  if (target.kind === "kubeconfig") {
    const { client, contextName } = await connect(target, context);
    context.emit({ type: "target", embedded: false, name: contextName, server: client.server });
    return await answering({ client, embedded: false, operators: [], name: contextName }, context);
  }
  const { name } = target;
  const kubeconfig = `${clusterFolder(localFolders(context.env).stateDir, name)}/kubeconfig`;
  if (start !== undefined) {
    context.emit({ type: "target", embedded: true, name });
    await startCluster(name, context, start);
  } else if (!await exists(kubeconfig)) {
    throw notRunning(name);
  }
  const { client } = await connect({ kubeconfig }, context);
  if (start === undefined) {
    context.emit({ type: "target", embedded: true, name, server: client.server });
  }
  const operators = (await clusterOperators(name, context)).map((operator) => operator.name);
  return await answering({ client, embedded: true, operators, name }, context);
}

async function answering(
  session: Omit<Session, typeof Symbol.asyncDispose>,
  { signal }: Context,
): Promise<Session> {
  const { client, embedded, name } = session;
  try {
    await client.read("/version", { signal, timeoutMs: 10_000 });
  } catch (error) {
    // A server that answers, even with a refusal, is there; what it refuses shows when it is asked for.
    if (!hasReason(error, "Forbidden")) {
      client.close();
      throw embedded && error instanceof ConnectionFailed ? notRunning(name, error) : error;
    }
  }
  return {
    ...session,
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
}

function notRunning(name: string, cause?: unknown): SlipwayError {
  const found = cause === undefined ? "it was never started" : messageOf(cause);
  return new SlipwayError(`The embedded cluster ${name} does not run: ${found}`, {
    remedy:
      "start it with `deno task cluster up`, or start it and bring the platform up with `deno task bootstrap`",
    cause,
  });
}
