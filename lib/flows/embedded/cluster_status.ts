import type { Context } from "../../core/context.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import { formatBytes } from "../../core/units.ts";
import { notReadyBecause } from "../../local/nodes_ready.ts";
import type { LocalCluster, LocalService } from "../../local/local_cluster.ts";
import { localFolders, outsideFolder } from "../../local/paths.ts";
import { lastLines } from "../../local/process.ts";
import { clusterStatus, findCluster, servicesIn } from "../../local/status.ts";
import { connect } from "../connect.ts";

/** A node of an embedded cluster, as a status shows it. */
interface NodeStatus {
  /** Its name. */
  name: string;
  /** `ready`, or why not. */
  state: string;
}

/** Show what an embedded cluster is made of. The exit code is 5 when it does not run, or not all of it. */
export async function showCluster(name: string, context: Context): Promise<ExitCode> {
  const cluster = await findCluster({ name, ...localFolders(context.env) });
  if (cluster === undefined) {
    context.emit({
      type: "note",
      level: "warning",
      message: `there is no embedded cluster ${name}`,
      remedy: "make it with `deno task cluster up`",
    });
    context.emit({ type: "summary", name, exists: false, running: false });
    return ExitCode.differences;
  }
  const { nodes, problem } = await look(cluster, context);
  const unready = nodes.filter(({ state }) => state !== "ready");
  const running = cluster.running && problem === undefined && unready.length === 0;
  const outside = await servicesIn(outsideFolder(localFolders(context.env).stateDir, name));
  const { services } = cluster;
  const rssBytes = [...cluster.processes, ...services, ...outside]
    .reduce((sum, process) => sum + process.rssBytes, 0);
  context.emit(processTable(cluster, outside, rssBytes));
  if (nodes.length > 0) {
    context.emit({
      type: "table",
      title: `Nodes of ${name}`,
      columns: ["Node", "State"],
      rows: nodes.map((node) => [node.name, node.state]),
    });
  }
  if (!running) {
    context.emit({
      type: "note",
      level: "warning",
      message: cluster.processes.length === 0
        ? `cluster ${name} is down`
        : `cluster ${name} is not whole: ${problem ?? parts(cluster, unready)}`,
      remedy: "`deno task cluster up` starts what is missing",
    });
  }
  for (const service of [...services, ...outside]) await tellIfEnded(service, cluster, context);
  const { server, kubeconfigPath, auditLogPath, folder, processes, missing } = cluster;
  const figures = { name, exists: true, running, server, kubeconfigPath, auditLogPath, folder };
  context.emit({
    type: "summary",
    ...figures,
    rssBytes,
    processes,
    missing,
    services,
    outside,
    nodes,
  });
  return running ? ExitCode.done : ExitCode.differences;
}

/**
 * The environment in which kubectl and the like reach an embedded cluster.
 *
 * @throws {SlipwayError} when the cluster was never made
 */
export async function clusterEnvironment(
  name: string,
  context: Context,
): Promise<Record<string, string>> {
  const cluster = await clusterStatus({ name, ...localFolders(context.env) });
  return { KUBECONFIG: cluster.kubeconfigPath, SLIPWAY_AUDIT_LOG: cluster.auditLogPath };
}

/** Lines for a shell's `eval`. */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`).join("\n");
}

async function look(
  cluster: LocalCluster,
  context: Context,
): Promise<{ nodes: NodeStatus[]; problem?: string }> {
  if (cluster.missing.includes("kube-apiserver")) return { nodes: [] };
  const { client } = await connect({ kubeconfig: cluster.kubeconfigPath }, context);
  try {
    const request = { signal: context.signal, timeoutMs: 5_000 };
    await client.read("/readyz", request);
    const { items } = await client.list({ apiVersion: "v1", kind: "Node" }, request);
    return {
      nodes: items.map((node) => ({
        name: node.metadata.name,
        state: notReadyBecause(node) ?? "ready",
      })),
    };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof SlipwayError)) throw error;
    return { nodes: [], problem: messageOf(error) };
  } finally {
    client.close();
  }
}

/** Nobody was there when a service ended; the end of its log may say why it did. */
async function tellIfEnded(
  { name, pid, logFile }: LocalService,
  cluster: LocalCluster,
  { emit, redactor }: Context,
): Promise<void> {
  // When the whole cluster is down, nothing is wrong with one service.
  if (pid !== undefined || cluster.processes.length === 0) return;
  const lines = (await lastLines(logFile, 3)).map((line) =>
    `    ${redactor.redact(line.slice(0, 400))}`
  );
  emit({
    type: "note",
    level: "warning",
    message: lines.length === 0
      ? `${name} does not run, and has never written a log`
      : `${name} does not run; its log ends with:\n${lines.join("\n")}`,
    remedy: `read ${logFile}; \`deno task cluster up\` starts it again`,
  });
}

function processTable(
  cluster: LocalCluster,
  outside: readonly LocalService[],
  rssBytes: number,
) {
  const { processes, missing, services } = cluster;
  const row = (name: string, { pid, rssBytes }: { pid?: number; rssBytes: number }) =>
    pid === undefined ? [name, "does not run", ""] : [name, String(pid), formatBytes(rssBytes)];
  return {
    type: "table" as const,
    title: `Cluster ${cluster.name} at ${cluster.server}`,
    columns: ["Process", "PID", "Memory"],
    rows: [
      ...processes.map((process) => row(process.name, process)),
      ...missing.map((name) => [name, "does not run", ""]),
      ...services.map((service) => row(service.name, service)),
      ...outside.map((service) => row(`${service.name} (outside)`, service)),
      ...(processes.length === 0 ? [] : [["all", "", formatBytes(rssBytes)]]),
    ],
  };
}

function parts(cluster: LocalCluster, unready: readonly NodeStatus[]): string {
  return [
    ...cluster.missing.map((name) => `${name} does not run`),
    ...cluster.services.filter(({ pid }) => pid === undefined)
      .map(({ name }) => `${name} does not run`),
    ...unready.map(({ name, state }) => `node ${name}: ${state}`),
  ].join(", ");
}
