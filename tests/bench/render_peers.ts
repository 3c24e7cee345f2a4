import type { Context } from "../../lib/core/context.ts";
import { SlipwayError } from "../../lib/core/errors.ts";
import { step } from "../../lib/core/steps.ts";
import { peerPaths } from "../../lib/flows/embedded/programs.ts";
import { platformNames, readPlatformFile } from "../../lib/flows/render/render.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { renderLoaded } from "../../manifests/components/render.ts";
import type { Ground } from "./ground.ts";
import { ratios, type Series } from "./measure.ts";
import { type PeerInput, writePeerInput } from "./peer_inputs.ts";
import { timed } from "./timed.ts";

const part = "render";

/** Render all platforms in all environments: by Slipway in one process, by Helm and Kustomize from charts and overlays of the same objects. */
export async function measureRenderPeers(ground: Ground, runs: number): Promise<Series[]> {
  const { context } = ground;
  const peers = await peerPaths(context);
  return await step(context, "Render all platforms", async (progress) => {
    const { inputs, objects } = await writeInputs(`${ground.folder}/render`, context);
    const helm = (input: PeerInput) => [peers["helm"]!, "template", input.name, input.chart];
    const kustomize = (input: PeerInput) => [peers["kustomize"]!, "build", input.overlay];
    const own: number[] = [];
    const inProcess: number[] = [];
    const byHelm: number[] = [];
    const byKustomize: number[] = [];
    for (let run = 0; run <= runs; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runs + 1);
      const slipway = await renderAll(objects, context.signal);
      const helmMs = await allOf(inputs, helm, objects, context.signal);
      const kustomizeMs = await allOf(inputs, kustomize, objects, context.signal);
      if (run === 0) continue;
      own.push(slipway.wholeMs);
      inProcess.push(slipway.ms);
      byHelm.push(helmMs);
      byKustomize.push(kustomizeMs);
    }
    const what = `${inputs.length} environments, ${objects} objects`;
    const wanted = { atLeast: 5 };
    return [
      {
        part,
        name: `${what}, in a process`,
        unit: "ms",
        values: inProcess,
        wanted: { atMost: 400 },
      },
      { part, name: `${what}, whole process`, unit: "ms", values: own },
      {
        part,
        name: `${what}, helm's time / ours`,
        unit: "times",
        values: ratios(byHelm, own),
        wanted,
      },
      {
        part,
        name: `${what}, kustomize's time / ours`,
        unit: "times",
        values: ratios(byKustomize, own),
        wanted,
      },
    ];
  });
}

async function writeInputs(folder: string, { cwd }: Context) {
  const inputs: PeerInput[] = [];
  let objects = 0;
  for (const name of await platformNames()) {
    const { file, text } = await readPlatformFile(name, { cwd });
    for (const [environment, platform] of loadEnvironments(text, { file })) {
      const manifests = renderLoaded(platform);
      objects += manifests.length;
      inputs.push(await writePeerInput(folder, `${name}-${environment}`, manifests));
    }
  }
  return { inputs, objects };
}

async function renderAll(objects: number, signal: AbortSignal) {
  const script = ["run", "-q", "-P=render", "tests/bench/render_all.ts", "json"];
  const { ms: wholeMs, stdout } = await timed({ command: [Deno.execPath(), ...script] }, signal);
  const last = stdout.trimEnd().split("\n").at(-1)!;
  const { ms, objects: rendered } = JSON.parse(last.slice(2)) as { ms: number; objects: number };
  refuseOther("slipway", rendered, objects);
  return { wholeMs, ms };
}

async function allOf(
  inputs: readonly PeerInput[],
  command: (input: PeerInput) => string[],
  objects: number,
  signal: AbortSignal,
): Promise<number> {
  let total = 0;
  let rendered = 0;
  for (const input of inputs) {
    const { ms, stdout } = await timed({ command: command(input) }, signal);
    total += ms;
    rendered += stdout.match(/^kind: /gm)?.length ?? 0;
  }
  refuseOther(command(inputs[0]!)[0]!, rendered, objects);
  return total;
}

function refuseOther(tool: string, rendered: number, wanted: number): void {
  if (rendered === wanted) return;
  throw new SlipwayError(`Cannot compare: ${tool} rendered ${rendered} objects, wanted ${wanted}`);
}
