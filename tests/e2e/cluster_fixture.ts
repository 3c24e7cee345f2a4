import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Context } from "../../lib/core/context.ts";
import { type LocalCluster, resetCluster, startCluster } from "../../lib/flows/embedded/cluster.ts";
import { connect } from "../../lib/flows/connect.ts";
import { hostContext } from "../context.ts";
import { untilReaped } from "./reaped.ts";

/** An embedded cluster that belongs to one test. */
export interface TestCluster {
  /** The way to its API server, as its administrator. */
  client: ClusterClient;
  /** Its files and processes. */
  cluster: LocalCluster;
  /** The context it was started with; its state lives in a folder of its own. */
  context: Context;
}

/** Start an embedded cluster, work with it, and remove it with all that it left. */
export async function withCluster(
  name: string,
  work: (cluster: TestCluster) => Promise<void>,
): Promise<void> {
  const stateHome = await Deno.makeTempDir({ prefix: "slipway-test-" });
  const context = hostContext({
    env: (variable) => variable === "XDG_STATE_HOME" ? stateHome : Deno.env.get(variable),
  });
  try {
    const cluster = await startCluster(name, context);
    const { client } = await connect({ kubeconfig: cluster.kubeconfigPath }, context);
    try {
      await work({ client, cluster, context });
    } finally {
      client.close();
    }
  } finally {
    const reaped = await untilReaped(stateHome, name);
    await resetCluster(name, context, { outside: true });
    await reaped();
    await Deno.remove(stateHome, { recursive: true });
  }
}
