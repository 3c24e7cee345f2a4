import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Context } from "../../lib/core/context.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { resetCluster } from "../../lib/flows/cluster.ts";
import { connect } from "../../lib/flows/connect.ts";
import { clusterFolder } from "../../lib/local/paths.ts";
import { runTask, type TaskOptions, type TaskOutcome } from "./task.ts";

/** A state folder of a test's own, on which tasks run as a user would run them. */
export interface Ground {
  /** Run a task on it. */
  run: (args: readonly string[], options?: TaskOptions) => Promise<TaskOutcome>;
  /** What flows need when a test calls them itself. */
  context: Context;
  /** The folder that `XDG_STATE_HOME` names. */
  stateHome: string;
  /** Do something as the administrator of the default cluster. */
  asAdmin: <T>(work: (client: ClusterClient) => Promise<T>) => Promise<T>;
}

/** Give a test an empty ground, and afterwards remove the default cluster with all that is left of it. */
export async function withGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  const stateHome = await Deno.makeTempDir({ prefix: "slipway-e2e-" });
  const context: Context = {
    emit: () => {},
    signal: new AbortController().signal,
    now: Temporal.Now.instant,
    random: Math.random,
    env: (name) => name === "XDG_STATE_HOME" ? stateHome : Deno.env.get(name),
    cwd: "/",
    redactor: createRedactor(),
    confirm: () => Promise.resolve(true),
  };
  try {
    await work({
      stateHome,
      context,
      run: (args, options = {}) =>
        runTask(args, { ...options, env: { XDG_STATE_HOME: stateHome, ...options.env } }),
      async asAdmin(use) {
        const kubeconfig = `${clusterFolder(`${stateHome}/slipway`, "slipway")}/kubeconfig`;
        const { client } = await connect({ kubeconfig }, context);
        try {
          return await use(client);
        } finally {
          client.close();
        }
      },
    });
  } finally {
    await resetCluster("slipway", context);
    await Deno.remove(stateHome, { recursive: true });
  }
}
