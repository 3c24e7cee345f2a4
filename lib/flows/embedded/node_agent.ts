import type { Context } from "../../core/context.ts";
import { createClient } from "../../kube/client/client.ts";
import { findConnection } from "../../kube/connection/find_connection.ts";
import { runNodeAgent } from "../../local/nodes/agent.ts";
import { seldom } from "../../local/nodes/seldom.ts";

/** What the node agent of an embedded cluster is told. */
export interface NodeAgentOptions {
  /** Told, once, when the agent sees all that exists and acts on it. */
  ready: () => void;
}

/** Be the node agent of the cluster that KUBECONFIG leads to, until the context's signal is aborted. */
export async function nodeAgent(
  { ready }: NodeAgentOptions,
  context: Pick<Context, "cwd" | "emit" | "env" | "now" | "redactor" | "signal">,
): Promise<void> {
  const { cwd, emit, env, now, redactor, signal } = context;
  const client = createClient(await findConnection({ cwd, env, redactor }), {
    redactor,
    now,
    userAgent: "slipway-node-agent",
  });
  try {
    await runNodeAgent({
      client,
      signal,
      now,
      ready,
      failed: seldom(now, (message) => {
        emit({ type: "note", level: "warning", message: redactor.redact(message) });
      }),
    });
  } finally {
    client.close();
  }
}
