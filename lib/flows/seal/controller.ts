import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { retry } from "../../core/retry.ts";
import { hasReason, StatusError } from "../../core/status_error.ts";
import { connect } from "../connect.ts";
import type { ControllerRequest } from "./request.ts";

/** The sealed-secrets controller of a cluster, reached through the API server. */
export interface Controller extends Disposable {
  /** Its name in messages. */
  readonly source: string;
  /**
   * Send a request to it, and read its answer.
   *
   * @throws {SlipwayError} when it cannot be reached
   */
  ask(method: "GET" | "POST", path: string, body?: string): Promise<ControllerAnswer>;
}

/** What the controller answered. */
export interface ControllerAnswer {
  /** HTTP status code. */
  status: number;
  /** Body. */
  text: string;
}

/** The controller lets a client verify twice at once, and then two more each second. */
class TooManyRequests extends SlipwayError {}

/** Longest that one request may take, in milliseconds. */
const timeoutMs = 30_000;

/**
 * Find the controller by its Service, whose first port is its own.
 * Source: sealed-secrets, pkg/kubeseal getServicePortName.
 *
 * @throws {SlipwayError} when there is no such Service
 */
export async function openController(
  request: ControllerRequest,
  context: Context,
): Promise<Controller> {
  const { controllerName: name, controllerNamespace: namespace } = request;
  const { client, contextName } = await connect(request, context);
  const source = `${namespace}/${name} of ${contextName}`;
  try {
    const port = await portOf(client, { namespace, name }, context);
    return {
      source,
      ask: (method, path, body) =>
        retry(
          () => ask(client, { namespace, name, port, source }, { method, path, body }, context),
          {
            attempts: 8,
            firstDelayMs: 500,
            // A controller that is down is told at once: somebody waits at a terminal.
            retryable: (error) => error instanceof TooManyRequests,
            signal: context.signal,
            random: context.random,
          },
        ),
      [Symbol.dispose]: () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The certificate that the controller serves, as PEM, and where it comes from. */
export async function fetchCertificate(
  request: ControllerRequest,
  context: Context,
): Promise<{ source: string; pem: string }> {
  using controller = await openController(request, context);
  const { status, text } = await controller.ask("GET", "/v1/cert.pem");
  if (status === 200) return { source: controller.source, pem: text };
  throw new SlipwayError(
    `Cannot fetch the certificate of ${controller.source}: it answers ${status}`,
    { remedy: "see its log: it may have no key yet", retryable: true },
  );
}

async function portOf(
  client: ClusterClient,
  { namespace, name }: { namespace: string; name: string },
  { signal }: Context,
): Promise<string> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${
    encodeURIComponent(name)
  }`;
  try {
    const { spec } = JSON.parse(await client.read(path, { signal })) as {
      spec?: { ports?: { name?: string }[] };
    };
    return spec?.ports?.[0]?.name ?? "";
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    throw new SlipwayError(
      `Cannot find the sealed-secrets controller: there is no Service ${namespace}/${name}`,
      {
        remedy:
          "name it with --controller-name and --controller-namespace; `kubectl get service -A -l app.kubernetes.io/name=sealed-secrets` may find it",
      },
    );
  }
}

async function ask(
  client: ClusterClient,
  target: { namespace: string; name: string; port: string; source: string },
  request: { method: string; path: string; body?: string },
  { signal }: Context,
): Promise<ControllerAnswer> {
  const { source, ...service } = target;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await client.proxy({ kind: "Service", ...service }, {
      ...request,
      signal: deadline,
    });
    const text = await new Response(answer.body).text();
    if (answer.status !== 429) return { status: answer.status, text };
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(source, service.namespace, error);
  }
  throw new TooManyRequests(`Cannot ask ${source}: it lets nobody ask so often`, {
    remedy: "wait a moment",
    retryable: true,
  });
}

function unreachable(source: string, namespace: string, error: unknown): SlipwayError {
  if (hasReason(error, "Forbidden")) {
    return new SlipwayError(`Cannot reach ${source}: ${messageOf(error)}`, {
      remedy:
        `have an administrator allow you get and create on services/proxy in ${namespace}, or take the certificate from a file with --cert`,
      cause: error,
    });
  }
  const isDown = error instanceof StatusError && [502, 503, 504].includes(error.status.code);
  return new SlipwayError(
    `Cannot reach the sealed-secrets controller ${source}: ${messageOf(error)}`,
    {
      remedy: isDown
        ? `none of its pods is ready; see why with \`kubectl -n ${namespace} get pods\``
        : "see whether the cluster answers, or take the certificate from a file with --cert",
      retryable: isDown,
      cause: error,
    },
  );
}
