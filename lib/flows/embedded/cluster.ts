import { fileURLToPath } from "node:url";
import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import { elapsedMs } from "../../core/steps.ts";
import type { WantedNodes } from "../../local/converge_nodes.ts";
import { clusterDown, clusterReset } from "../../local/down.ts";
import type { ClusterOptions, LocalCluster } from "../../local/local_cluster.ts";
import { localFolders } from "../../local/paths.ts";
import { pinnedKubernetes } from "../../local/programs/control_plane.ts";
import { clusterStatus } from "../../local/status.ts";
import { clusterUp } from "../../local/up.ts";
import { connect } from "../connect.ts";
import { type OperatorName, runOperators } from "./operators.ts";
import { controlPlanePaths } from "./programs.ts";
import { listServices, removeOutside, servicesOf, startServices } from "./services.ts";

export type { LocalCluster } from "../../local/local_cluster.ts";

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
  const cluster = await clusterUp({
    ...clusterOptions(name, context),
    ...options,
    programs,
    kubernetesVersion: pinnedKubernetes,
    agentCommand: agentCommand(),
    env: context.env,
    connect: async (kubeconfig) => (await connect({ kubeconfig }, context)).client,
  });
  const began = await startWhatIsBeside(name, context);
  return began === 0 ? cluster : await clusterStatus(clusterOptions(name, context));
}

/** Start what stands outside of a cluster, then what runs beside it; warns of what does not run. */
async function startWhatIsBeside(name: string, context: Context): Promise<number> {
  const failures = new Map([
    // What unseals a Vault of the cluster stands outside of it, and must be there first.
    ...await startServices(name, context, { outside: true }),
    ...await startServices(name, context),
  ]);
  for (const [service, error] of failures) {
    context.emit({
      type: "note",
      level: "warning",
      message: `${service} does not run: ${messageOf(error)}`,
      remedy: error instanceof SlipwayError ? error.remedy : undefined,
    });
  }
  return (await servicesOf(name, context)).length;
}

/**
 * Bring an embedded cluster up with these operators beside it, and tell how it is reached. The exit code is 3 when a
 * service beside it does not run.
 */
export async function bringClusterUp(
  name: string,
  context: Context,
  { operators = [], ...options }: StartOptions & { operators?: readonly OperatorName[] } = {},
): Promise<ExitCode> {
  context.emit({ type: "target", embedded: true, name });
  const startedAt = context.now();
  let cluster = await startCluster(name, context, options);
  if (operators.length > 0) {
    await runOperators(name, operators, context);
    cluster = await clusterStatus(clusterOptions(name, context));
  }
  const { server, kubeconfigPath, auditLogPath, folder, processes, services } = cluster;
  const running = [...processes, ...services.filter(({ pid }) => pid !== undefined)];
  context.emit({
    type: "summary",
    name,
    server,
    kubeconfigPath,
    auditLogPath,
    folder,
    rssBytes: running.reduce((sum, process) => sum + process.rssBytes, 0),
    services: services.filter(({ pid }) => pid !== undefined).map((service) => service.name),
    durationMs: elapsedMs(startedAt, context),
  });
  return services.every(({ pid }) => pid !== undefined) ? ExitCode.done : ExitCode.partly;
}

/** End the processes of an embedded cluster; its data stays. */
export async function stopCluster(name: string, context: Context): Promise<void> {
  const ended = await clusterDown(clusterOptions(name, context));
  const tell = (message: string) => context.emit({ type: "note", level: "info", message });
  tell(ended === 0 ? `cluster ${name} did not run` : `cluster ${name} is down; its data stays`);
  const outside = await runningOutside(name, context);
  if (outside.length > 0) {
    tell(
      outside.length === 1
        ? `${outside[0]} stands outside of it, and goes on`
        : `${outside.join(" and ")} stand outside of it, and go on`,
    );
  }
}

async function runningOutside(name: string, context: Context): Promise<string[]> {
  const services = await listServices(name, context, { outside: true });
  return services.filter(({ running }) => running).map(({ service }) => service.name);
}

/**
 * Remove an embedded cluster with all that is in it; with `outside`, also what stands outside of it on this machine,
 * such as a Vault that unseals its own. Asks first.
 *
 * @throws {SlipwayError} when the answer is no
 */
export async function resetCluster(
  name: string,
  context: Context,
  { outside = false }: { outside?: boolean } = {},
): Promise<void> {
  const options = clusterOptions(name, context);
  const kept = (await servicesOf(name, context, { outside: true })).map((service) => service.name);
  const all = outside && kept.length > 0
    ? `all that is in it, and ${kept.join(" and ")} outside of it with all data`
    : "all that is in it";
  const question = `Remove the embedded cluster ${name} with ${all}?`;
  if (!await context.confirm(question)) {
    throw new SlipwayError(`Cluster ${name} was not removed: the answer was no`);
  }
  await clusterReset(options);
  if (outside) await removeOutside(name, context);
  const stays = outside || kept.length === 0
    ? ""
    : `; ${kept.join(" and ")} outside of it ${
      kept.length === 1 ? "stays" : "stay"
    }, until --outside is given`;
  context.emit({ type: "note", level: "info", message: `cluster ${name} is gone${stays}` });
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
    `--config=${task("../../../deno.json")}`,
    "--allow-env",
    "--allow-read",
    "--allow-net=127.0.0.1",
    task("../../../tasks/node_agent.ts"),
  ];
}
