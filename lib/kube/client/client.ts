import type { ClusterClient } from "../../core/cluster.ts";
import { groupOf } from "../../core/object.ts";
import type { Redactor } from "../../core/redact.ts";
import type { RetryOptions } from "../../core/retry.ts";
import { createExecOperation } from "../exec/exec.ts";
import { createAccessOperations } from "./access.ts";
import { createProxyOperation } from "./proxy.ts";
import { createReadOperations } from "./read.ts";
import { createWriteOperations } from "./write.ts";
import type { Session } from "./session.ts";
import type { ConnectionConfig } from "../connection/connection.ts";
import { abortable, withDeadline } from "./deadline.ts";
import { createDiscovery } from "./discovery.ts";
import { KindNotServed } from "./kind_not_served.ts";
import { createTransport } from "./transport.ts";
import type { WatchTimes } from "./watch.ts";

/** What a client needs besides its connection. */
export interface ClientOptions {
  /** Learns tokens, and hides secrets in what the server answers. */
  redactor: Redactor;
  /** Receives each warning that the server sends, such as one about a deprecated API, once. Must not throw. */
  onWarning?: (warning: string) => void;
  /** Deadline of each request that names none, in milliseconds. @default 30_000 */
  timeoutMs?: number;
  /** Value of the User-Agent header. @default "slipway" */
  userAgent?: string;
  /** The time now. @default Temporal.Now.instant */
  now?: () => Temporal.Instant;
  /** How requests are retried within their deadline. */
  retry?: Pick<RetryOptions, "firstDelayMs" | "maxDelayMs" | "random" | "sleep">;
  /** Times of watches. */
  watch?: WatchTimes;
}

/**
 * A client for an API server. It connects with its first request; close it when done.
 *
 * @example
 * ```ts
 * const client = createClient(config, { redactor: context.redactor });
 * try {
 *   const pods = await client.list({ apiVersion: "v1", kind: "Pod", namespace: "shop" });
 * } finally {
 *   client.close();
 * }
 * ```
 */
export function createClient(config: ConnectionConfig, options: ClientOptions): ClusterClient {
  const { server } = config;
  const { timeoutMs = 30_000, now = Temporal.Now.instant, userAgent = "slipway" } = options;
  const closing = new AbortController();
  const transport = createTransport(config, { ...options, now, userAgent });

  const within: Session["within"] = (tried, request, work) =>
    withDeadline(
      tried,
      {
        server,
        timeoutMs: request?.timeoutMs ?? timeoutMs,
        signal: request?.signal,
        closing: closing.signal,
      },
      work,
    );

  // Callers share what discovery fetches, so it has a deadline of its own.
  const discovery = createDiscovery({
    fetch: (path, accept) =>
      within(
        "discover what the server serves",
        undefined,
        (deadline) => transport.send({ method: "GET", path, accept, repeatable: true }, deadline),
      ),
  });

  const session: Session = {
    server,
    redactor: options.redactor,
    watchTimes: options.watch ?? {},
    closing: closing.signal,
    transport,
    within,
    async served({ apiVersion, kind }, { tried, signal }) {
      const type = await abortable(discovery.find(apiVersion, kind), signal);
      if (type !== undefined) return type;
      throw new KindNotServed(tried, apiVersion, kind, discovery.versionsOf(groupOf(apiVersion)));
    },
    forgetDiscovery: discovery.forget,
  };

  return {
    server,
    ...createReadOperations(session),
    ...createWriteOperations(session),
    ...createAccessOperations(session),
    ...createProxyOperation(session),
    ...createExecOperation(session),
    resourceType: discovery.find,
    forgetDiscovery: discovery.forget,
    close() {
      if (closing.signal.aborted) return;
      closing.abort();
      transport.close();
    },
  };
}
