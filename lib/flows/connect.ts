import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import { createClient } from "../kube/client/client.ts";
import type { ConnectionConfig } from "../kube/connection/connection.ts";
import { findConnection } from "../kube/connection/find_connection.ts";
import { inClusterConnection } from "../kube/connection/in_cluster.ts";

/** A client, and the context that it speaks to. */
export interface Connected {
  /** The way to the API server. */
  client: ClusterClient;
  /** Name of the kubeconfig's context. */
  contextName: string;
}

/**
 * Connect to the cluster of a kubeconfig. What the server warns of becomes notes, each once.
 *
 * @throws {UsageError} when there is no usable kubeconfig
 */
export async function connect(
  which: { kubeconfig?: string; context?: string; inCluster?: boolean },
  context: Pick<Context, "env" | "cwd" | "redactor" | "emit" | "now">,
): Promise<Connected> {
  const config = which.inCluster
    ? await ownConnection(context)
    : await findConnection({ ...context, ...which, context: which.context });
  const told = new Set<string>();
  const client = createClient(config, {
    // Long enough for a control plane that restarts, short enough for somebody who waits at a terminal.
    watch: { giveUpMs: 90_000 },
    redactor: context.redactor,
    now: context.now,
    onWarning(message) {
      if (told.has(message)) return;
      told.add(message);
      context.emit({ type: "note", level: "warning", message: `the API server warns: ${message}` });
    },
  });
  return { client, contextName: config.contextName };
}

async function ownConnection(
  context: Pick<Context, "env" | "redactor" | "now">,
): Promise<ConnectionConfig> {
  const found = await inClusterConnection(context);
  if (found !== undefined) return found;
  throw new UsageError("Cannot use the cluster that this runs in: this is no pod of one", {
    remedy: "leave out --in-cluster, or name a cluster with --kubeconfig or --context",
  });
}
