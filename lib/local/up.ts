import type { ClusterClient } from "../core/cluster.ts";
import { TimedOut } from "../core/errors.ts";
import { sleepFor } from "../core/retry.ts";
import { step } from "../core/steps.ts";
import { kubeconfigPath, prepareFiles, prepareFolders } from "./cluster_files.ts";
import { type Component, planComponents } from "./components.ts";
import { type NodePlan, planNodes, raiseNodes, refuseLoss, removeNodes } from "./converge_nodes.ts";
import { createDefaults } from "./defaults.ts";
import type { LocalCluster, UpOptions } from "./local_cluster.ts";
import { takeLock } from "./lock.ts";
import { waitForLine } from "./log_line.ts";
import { waitForNodes } from "./nodes_ready.ts";
import { kwokConfig } from "./nodes/stages.ts";
import { clusterFolder } from "./paths.ts";
import { createReadinessProbe } from "./probe.ts";
import { lastLines } from "./process.ts";
import { serverOf, settleState } from "./state.ts";
import { clusterStatus } from "./status.ts";
import { createSupervisor, findComponents, stopComponents, type Supervisor } from "./supervise.ts";

/** What is waited for just now, so that a time-out can name it. */
interface Waiting {
  /** What is not ready, and why. */
  because: string;
  /** Whose log may tell the cause. */
  component: string;
}

/**
 * Bring an embedded cluster up: whatever of it runs already and is right is left alone, the rest is
 * started. Returns when the API server and all nodes are ready.
 *
 * @throws {TimedOut} naming what is not ready, with the end of its log
 * @throws {SlipwayError} when a process ends by itself
 */
export async function clusterUp(options: UpOptions): Promise<LocalCluster> {
  const { name, emit, timeoutMs = 120_000 } = options;
  const folder = clusterFolder(options.stateDir, name);
  const deadline = AbortSignal.timeout(timeoutMs);
  const waiting: Waiting = { because: "its control plane was not started", component: "etcd" };
  const lock = await takeLock(`${folder}.lock`, {
    subject: `cluster ${name}`,
    timeoutMs,
    signal: options.signal,
    onWait: (holder) =>
      emit({
        type: "note",
        level: "info",
        message: `waiting for ${holder}, which works on cluster ${name}`,
      }),
  });
  try {
    const signal = AbortSignal.any([options.signal, deadline]);
    await bringUp(folder, { ...options, signal }, waiting);
    return await clusterStatus(options);
  } catch (error) {
    const { aborted, reason } = options.signal;
    if (!deadline.aborted && !(aborted && reason instanceof TimedOut)) {
      throw aborted ? reason : error;
    }
    throw await timedOut(name, folder, waiting);
  } finally {
    lock.release();
  }
}

async function bringUp(folder: string, options: UpOptions, waiting: Waiting): Promise<void> {
  const found = await findComponents(folder);
  await prepareFolders(folder);
  const state = await settleState(folder, found.some(isApiServer), options.now());
  const server = serverOf(state);
  const planned = planComponents({
    folder,
    port: state.port,
    programs: options.programs,
    agentCommand: options.agentCommand,
    env: passedOn(options.env),
  });
  await stopComponents(found.filter(({ name }) => !planned.some((each) => each.name === name)));

  const supervisor = createSupervisor({ id: state.id, folder, found });
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, supervisor.failed, ending.signal]);
  let client: ClusterClient | undefined;
  try {
    const [etcd, apiServer, ...others] = planned as [Component, Component, ...Component[]];
    const files = { folder, name: options.name, server, kwokConfig: kwokConfig() };
    await step(options, "Start the control plane", async () => {
      // etcd reads none of the files, so it starts while they are made.
      await Promise.all([
        supervisor.ensure(etcd),
        prepareFiles({ ...files, now: options.now() }),
      ]);
      await supervisor.ensure(apiServer);
      await waitForApiServer(folder, server, signal, waiting);
    });
    await step(options, "Ready the nodes", async () => {
      client = await options.connect(kubeconfigPath(folder));
      const plan = await nodePlan(client, { ...options, signal });
      // These give up when the API server is not ready within ten seconds, so they start only now.
      await Promise.all([
        ...others.map((component) => startAndAwait(component, supervisor, signal)),
        createDefaults(client, { signal }),
        raiseNodes(client, plan, { kubernetesVersion: options.kubernetesVersion, signal }),
        waitForNodes(client, plan.names, {
          signal,
          waiting: (causes) => Object.assign(waiting, waitingForNodes(causes)),
        }),
      ]);
      waiting.because = "pods do not leave the nodes that are to go";
      waiting.component = "kwok";
      await removeNodes(client, plan, { signal });
    });
  } catch (error) {
    throw supervisor.failed.aborted ? supervisor.failed.reason : error;
  } finally {
    ending.abort();
    supervisor.close();
    client?.close();
  }
}

/** What is to be done about nodes, once all who could object have been asked. */
async function nodePlan(client: ClusterClient, options: UpOptions): Promise<NodePlan> {
  const { signal } = options;
  const { items } = await client.list({ apiVersion: "v1", kind: "Node" }, { signal });
  const plan = planNodes(items, options.nodes);
  await refuseLoss(client, plan, { signal });
  if (plan.update.length + plan.remove.length > 0) await options.mayChangeNodes?.(client, plan);
  return plan;
}

async function waitForApiServer(
  folder: string,
  server: string,
  signal: AbortSignal,
  waiting: Waiting,
): Promise<void> {
  const notReady = (why: string) => {
    waiting.because = `the API server at ${server} is not ready: ${why}`;
  };
  waiting.component = "kube-apiserver";
  notReady("it does not answer");
  const probe = await createReadinessProbe(folder, server, signal);
  try {
    for (;;) {
      const answer = await probe.ask();
      if (answer === "ready") return;
      notReady(answer);
      // A server cannot tell anybody that it is about to answer.
      await sleepFor(20, signal);
    }
  } finally {
    probe.close();
  }
}

/** The node agent says by a line in its log when it acts; the other processes show by what they do. */
async function startAndAwait(
  component: Component,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const started = await supervisor.ensure(component);
  if (component.name !== "node-agent" || started === undefined) return;
  await waitForLine(component.logFile, "ready", { offset: started.logOffset, signal });
}

function waitingForNodes(causes: ReadonlyMap<string, string>): Waiting {
  const [first] = causes;
  if (first === undefined) {
    return { because: "the node agent does not say that it is ready", component: "node-agent" };
  }
  const [name, because] = first;
  // kwok makes nodes ready, the controller manager then takes their taint off.
  const component = because.includes("taint") ? "kube-controller-manager" : "kwok";
  return { because: `node ${name} is not ready: ${because}`, component };
}

async function timedOut(
  name: string,
  folder: string,
  { because, component }: Waiting,
): Promise<TimedOut> {
  const logFile = `${folder}/logs/${component}.log`;
  const lines = (await lastLines(logFile, 5)).map((line) => `    ${line}`).join("\n");
  return new TimedOut(
    `Cluster ${name} did not become ready in time: ${because}; the log of ${component} ends with:\n${lines}`,
    { remedy: `read ${logFile}, then run \`deno task cluster up\` again` },
  );
}

function isApiServer(component: { name: string }): boolean {
  return component.name === "kube-apiserver";
}

/**
 * What the processes get of the environment; no proxy settings, since all that they reach is on this machine. With
 * GOGC they can be told to take more memory and less time.
 */
function passedOn(env: (name: string) => string | undefined): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "DENO_DIR", "XDG_CACHE_HOME", "GOGC"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
