import type { Context } from "../core/context.ts";
import { createClient } from "../kube/client.ts";
import { findConnection } from "../kube/find_connection.ts";
import { runNodeAgent } from "../local/nodes/agent.ts";

/** What the node agent of an embedded cluster is told. */
export interface NodeAgentOptions {
  /** Told, once, when the agent sees all that exists and acts on it. */
  ready: () => void;
}

/** The same failure is told once in this time, in milliseconds. */
const quietMs = 30_000;

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

/** Passes on a message unless it was passed on lately, and then says how often it came meanwhile. */
function seldom(
  now: () => Temporal.Instant,
  tell: (message: string) => void,
): (message: string) => void {
  const told = new Map<string, { at: Temporal.Instant; withheld: number }>();
  return (message) => {
    const time = now();
    const before = told.get(message);
    const sinceMs = before === undefined
      ? Infinity
      : time.since(before.at).total({ unit: "milliseconds" });
    if (before !== undefined && sinceMs < quietMs) {
      before.withheld++;
      return;
    }
    for (const [old, { at }] of told) {
      if (time.since(at).total({ unit: "milliseconds" }) >= quietMs) told.delete(old);
    }
    told.set(message, { at: time, withheld: 0 });
    tell(
      before === undefined || before.withheld === 0
        ? message
        : `${message} (and ${before.withheld} times more since)`,
    );
  };
}
