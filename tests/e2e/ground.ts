import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Context } from "../../lib/core/context.ts";
import { resetCluster } from "../../lib/flows/embedded/cluster.ts";
import { connect } from "../../lib/flows/connect.ts";
import { clusterFolder, defaultClusterName } from "../../lib/local/paths.ts";
import { findComponents } from "../../lib/local/supervise.ts";
import { testContext } from "../context.ts";
import { untilReaped } from "./reaped.ts";
import { runTask, type TaskOptions, type TaskOutcome } from "./task.ts";

/** A state folder of a test's own, on which tasks run as a user would run them. */
export interface Ground {
  /** Run a task on it. */
  run: (args: readonly string[], options?: TaskOptions) => Promise<TaskOutcome>;
  /** What flows need when a test calls them itself. */
  context: Context;
  /** The folder that `XDG_STATE_HOME` names. */
  stateHome: string;
  /** Folder of a cluster, by default the one that tasks take. */
  folderOf: (name?: string) => string;
  /** Process ids of a cluster, by name of the process. */
  pidsOf: (name?: string) => Promise<Record<string, number>>;
  /** Do something as the administrator of a cluster, by default the one that tasks take. */
  asAdmin: <T>(work: (client: ClusterClient) => Promise<T>, name?: string) => Promise<T>;
}

/** Give a test an empty ground, and afterwards remove these clusters with all that is left of them. */
export async function withGround(
  work: (ground: Ground) => Promise<void>,
  names: readonly string[] = [defaultClusterName],
): Promise<void> {
  const stateHome = await Deno.makeTempDir({ prefix: "slipway-e2e-" });
  const context = testContext({
    env: (name) => name === "XDG_STATE_HOME" ? stateHome : Deno.env.get(name),
  });
  const folderOf = (name = defaultClusterName) => clusterFolder(`${stateHome}/slipway`, name);
  try {
    await work({
      stateHome,
      folderOf,
      async pidsOf(name) {
        const found = await findComponents(folderOf(name));
        return Object.fromEntries(found.map((process) => [process.name, process.pid]));
      },
      context,
      run: (args, options = {}) =>
        runTask(args, { ...options, env: { XDG_STATE_HOME: stateHome, ...options.env } }),
      async asAdmin(use, name) {
        const kubeconfig = `${folderOf(name)}/kubeconfig`;
        const { client } = await connect({ kubeconfig }, context);
        try {
          return await use(client);
        } finally {
          client.close();
        }
      },
    });
  } finally {
    for (const name of names) {
      const reaped = await untilReaped(stateHome, name);
      await resetCluster(name, context, { outside: true });
      await reaped();
    }
    await Deno.remove(stateHome, { recursive: true });
  }
}
