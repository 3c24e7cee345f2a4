import type { Context } from "../../lib/core/context.ts";
import { resetCluster } from "../../lib/flows/embedded/cluster.ts";

/** A place for clusters that nobody else uses. */
export interface Ground {
  /** The context of the bench, whose clusters live in a folder of their own. */
  context: Context;
  /** The variables that say so, for processes. */
  env: Record<string, string>;
  /** A folder for other files. */
  folder: string;
  /** Remove a cluster with all that it left, also when the bench was interrupted. */
  reset: (cluster: string) => Promise<void>;
}

/** Work with a {@linkcode Ground}, and leave nothing of it behind. */
export async function withGround<T>(
  context: Context,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-bench-" });
  const env = { XDG_STATE_HOME: `${folder}/state` };
  const own: Context = {
    ...context,
    env: (name) => name === "XDG_STATE_HOME" ? env.XDG_STATE_HOME : context.env(name),
  };
  const ending: Context = {
    ...own,
    emit() {},
    signal: new AbortController().signal,
    confirm: () => Promise.resolve(true),
    askSecret: (question) => Promise.reject(new Error(`nobody is here to answer: ${question}`)),
  };
  try {
    return await work({
      context: own,
      env,
      folder,
      reset: (cluster) => resetCluster(cluster, ending),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
