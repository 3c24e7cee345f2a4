import { fileURLToPath } from "node:url";
import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import { SlipwayError } from "../core/errors.ts";
import { elapsedMs } from "../core/steps.ts";
import type { WantedNodes } from "../local/converge_nodes.ts";
import { clusterDown, clusterReset } from "../local/down.ts";
import type { ClusterOptions, LocalCluster } from "../local/local_cluster.ts";
import { localFolders } from "../local/paths.ts";
import { pinnedKubernetes } from "../local/programs/control_plane.ts";
import { clusterUp } from "../local/up.ts";
import { connect } from "./connect.ts";
import { controlPlanePaths } from "./programs.ts";

export type { LocalCluster } from "../local/local_cluster.ts";

/** How to start an embedded cluster. */
export interface StartOptions {
  /** Which simulated nodes there are to be. @default those that there are, or three in a new cluster */
  nodes?: WantedNodes;
  /** Asked before nodes that are there already are changed or removed; throws to refuse. */
  mayChangeNodes?: (client: ClusterClient) => Promise<void>;
  /** How long the start may take once the programs are there, in milliseconds. @default 120_000 */
  timeoutMs?: number;
}

/**
 * Bring an embedded cluster up, getting its programs first where they are missing. What runs
 * already is left alone.
 *
 * @throws {SlipwayError} when a program is not to be had or a process ends by itself
 * @throws {TimedOut} when the cluster does not become ready
 */
export async function startCluster(
  name: string,
  context: Context,
  options: StartOptions = {},
): Promise<LocalCluster> {
  const programs = await controlPlanePaths(context);
  return await clusterUp({
    ...clusterOptions(name, context),
    ...options,
    programs,
    kubernetesVersion: pinnedKubernetes,
    agentCommand: agentCommand(),
    env: context.env,
    connect: async (kubeconfig) => (await connect({ kubeconfig }, context)).client,
  });
}

/** Bring an embedded cluster up, and tell how it is reached. */
export async function bringClusterUp(
  name: string,
  context: Context,
  options: StartOptions = {},
): Promise<void> {
  context.emit({ type: "target", embedded: true, name });
  const startedAt = context.now();
  const cluster = await startCluster(name, context, options);
  const { server, kubeconfigPath, auditLogPath, folder, processes } = cluster;
  context.emit({
    type: "summary",
    name,
    server,
    kubeconfigPath,
    auditLogPath,
    folder,
    rssBytes: processes.reduce((sum, process) => sum + process.rssBytes, 0),
    durationMs: elapsedMs(startedAt, context),
  });
}

/** End the processes of an embedded cluster; its data stays. */
export async function stopCluster(name: string, context: Context): Promise<void> {
  const ended = await clusterDown(clusterOptions(name, context));
  context.emit({
    type: "note",
    level: "info",
    message: ended === 0
      ? `cluster ${name} did not run`
      : `cluster ${name} is down; its data stays`,
  });
}

/**
 * Remove an embedded cluster with all that is in it. Asks first.
 *
 * @throws {SlipwayError} when the answer is no
 */
export async function resetCluster(name: string, context: Context): Promise<void> {
  const options = clusterOptions(name, context);
  const question = `Remove the embedded cluster ${name} with all that is in it?`;
  if (!await context.confirm(question)) {
    throw new SlipwayError(`Cluster ${name} was not removed: the answer was no`);
  }
  await clusterReset(options);
  context.emit({ type: "note", level: "info", message: `cluster ${name} is gone` });
}

function clusterOptions(name: string, context: Context): ClusterOptions {
  const { emit, env, now, signal } = context;
  return { name, stateDir: localFolders(env).stateDir, emit, signal, now };
}

/** The agent reads what its cluster's kubeconfig and TLS ask for, and speaks to loopback only. */
function agentCommand(): string[] {
  const task = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    `--config=${task("../../deno.json")}`,
    "--allow-env",
    "--allow-read",
    "--allow-net=127.0.0.1",
    task("../../tasks/node_agent.ts"),
  ];
}
