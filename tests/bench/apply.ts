import type { ClusterClient } from "../../lib/core/cluster.ts";
import { type Progress, step } from "../../lib/core/steps.ts";
import { startCluster } from "../../lib/flows/embedded/cluster.ts";
import { peerPaths } from "../../lib/flows/embedded/programs.ts";
import { connect } from "../../lib/flows/connect.ts";
import type { Ground } from "./ground.ts";
import { ratios, rotated, type Series } from "./measure.ts";
import { mixedObjects } from "./objects.ts";
import { removeNamespace, untilSettled } from "./settle.ts";
import { timed } from "./timed.ts";
import { type Job, prepare, type ToolName, toolNames, type ToolSettings } from "./tools.ts";

type Times = Record<ToolName, { first: number[]; again: number[] }>;

const cluster = "bench-apply";

/**
 * Apply 500 mixed objects and the same again by each tool, on one cluster, in turn. What a run made is
 * deleted before the next, so that every run meets the same cluster. One run more than asked for comes first
 * and does not count: it fills caches and warms the API server up.
 */
export async function measureApply(ground: Ground, runs: number): Promise<Series[]> {
  const { context, folder } = ground;
  const peers = await peerPaths(context);
  try {
    const { kubeconfigPath: kubeconfig } = await startCluster(cluster, context);
    const { client } = await connect({ kubeconfig }, context);
    const home = `${folder}/home`;
    await Deno.mkdir(home);
    try {
      return await step(
        context,
        "Apply 500 objects by three tools",
        async (progress) => {
          const settings = { kubeconfig, peers, home };
          return seriesOf(await allRuns(client, settings, ground, runs, progress));
        },
      );
    } finally {
      client.close();
    }
  } finally {
    await ground.reset(cluster);
  }
}

async function allRuns(
  client: ClusterClient,
  settings: ToolSettings,
  { context: { signal }, folder }: Ground,
  runs: number,
  progress: Progress,
): Promise<Times> {
  const times: Times = {
    slipway: { first: [], again: [] },
    kubectl: { first: [], again: [] },
    helm: { first: [], again: [] },
  };
  let done = 0;
  for (let run = 0; run <= runs; run++) {
    for (const tool of rotated(toolNames, run)) {
      const round = run === 0 ? "warm-up" : `run ${run}`;
      progress(`${round}, ${tool}`, done++, (runs + 1) * toolNames.length);
      const taken = await oneRun(client, tool, await makeJob(tool, run, folder), settings, signal);
      if (run === 0) continue;
      times[tool].first.push(taken.first);
      times[tool].again.push(taken.again);
    }
  }
  return times;
}

async function makeJob(tool: ToolName, run: number, folder: string): Promise<Job> {
  const namespace = `${tool}-${run}`;
  const inventory = `bench.${namespace}`;
  const own = `${folder}/${namespace}`;
  await Deno.mkdir(own);
  return { namespace, inventory, manifests: mixedObjects(namespace, inventory), folder: own };
}

async function oneRun(
  client: ClusterClient,
  tool: ToolName,
  job: Job,
  settings: ToolSettings,
  signal: AbortSignal,
): Promise<{ first: number; again: number }> {
  const { first, again, check } = await prepare(tool, job, settings);
  const firstTime = await timed(first, signal);
  check("first", firstTime);
  await untilSettled(client, job.namespace, job.manifests, signal);
  const againTime = await timed(again, signal);
  check("again", againTime);
  await untilSettled(client, job.namespace, job.manifests, signal);
  await removeNamespace(client, job.namespace, signal);
  return { first: firstTime.ms, again: againTime.ms };
}

const labels: Record<ToolName, { first: string; again: string }> = {
  slipway: { first: "slipway, first apply", again: "slipway, nothing to do" },
  kubectl: {
    first: "kubectl apply --server-side, first",
    again: "kubectl apply --server-side, nothing to do",
  },
  helm: { first: "helm install", again: "helm upgrade, nothing to do" },
};

function seriesOf(times: Times): Series[] {
  const phases = ["first", "again"] as const;
  const taken = phases.flatMap((phase) =>
    toolNames.map((tool): Series => ({
      part: "apply",
      name: labels[tool][phase],
      unit: "ms",
      values: times[tool][phase],
    }))
  );
  const compared = (tool: ToolName, phase: "first" | "again", atLeast?: number): Series => ({
    part: "apply",
    name: `${tool} / slipway, ${phase === "first" ? "first apply" : "nothing to do"}`,
    unit: "times",
    values: ratios(times[tool][phase], times.slipway[phase]),
    ...(atLeast === undefined ? {} : { wanted: { atLeast } }),
  });
  return [
    ...taken,
    compared("kubectl", "first", 3),
    compared("helm", "first"),
    compared("kubectl", "again", 5),
    compared("helm", "again"),
  ];
}
