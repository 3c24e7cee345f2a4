import type { Manifest } from "../../lib/core/object.ts";
import { SlipwayError } from "../../lib/core/errors.ts";
import type { Timed, TimedCommand } from "./timed.ts";

/** Names of the tools that are compared. */
export const toolNames = ["slipway", "kubectl", "helm"] as const;

/** Name of one tool that is compared. */
export type ToolName = typeof toolNames[number];

/** What a tool has to do in one run. */
export interface Job {
  /** The namespace, which does not exist yet. */
  namespace: string;
  /** Name of Slipway's inventory. */
  inventory: string;
  /** The namespace and all that goes into it. */
  manifests: readonly Manifest[];
  /** An empty folder for the tool's input. */
  folder: string;
}

/** How a tool does a job. */
export interface ToolRun {
  /** Applies all for the first time. */
  first: TimedCommand;
  /** Applies the same again. */
  again: TimedCommand;
  /** @throws {SlipwayError} when a command did not do what it should */
  check: (phase: "first" | "again", outcome: Timed) => void;
}

/** What the tools need. */
export interface ToolSettings {
  /** Kubeconfig of the cluster. */
  kubeconfig: string;
  /** Paths of kubectl and helm. */
  peers: Readonly<Record<string, string>>;
  /** Folder that kubectl and helm take for the user's home, with their caches. */
  home: string;
}

/** Write a tool's input, and tell its commands. */
export function prepare(tool: ToolName, job: Job, settings: ToolSettings): Promise<ToolRun> {
  return { slipway: prepareSlipway, kubectl: prepareKubectl, helm: prepareHelm }[tool](
    job,
    settings,
  );
}

async function prepareSlipway(job: Job, { kubeconfig }: ToolSettings): Promise<ToolRun> {
  const file = await writeList(job);
  const command = [
    Deno.execPath(),
    ...["run", "-q", "-P=cluster-client", "tests/bench/apply_manifests.ts"],
    ...[kubeconfig, file, job.inventory],
  ];
  const count = job.manifests.length;
  return {
    first: { command },
    again: { command },
    check(phase, { stdout }) {
      const { created, unchanged, writes } = JSON.parse(stdout) as Record<string, number>;
      const right = phase === "first" ? created === count : unchanged === count && writes === 0;
      if (right) return;
      throw new SlipwayError(
        `Cannot go on: Slipway's ${phase} apply ends with ${stdout.trim()}, wanted ${
          phase === "first" ? `${count} created` : `${count} unchanged and no write`
        }`,
      );
    },
  };
}

async function prepareKubectl(job: Job, settings: ToolSettings): Promise<ToolRun> {
  const file = await writeList(job);
  const command = [settings.peers["kubectl"]!, "apply", "--server-side", "-f", file];
  const run = peer(command, settings);
  return { first: run, again: run, check: () => {} };
}

/** helm keeps its release in the namespace, so the chart cannot bring it along. */
async function prepareHelm(
  { namespace, manifests, folder }: Job,
  settings: ToolSettings,
): Promise<ToolRun> {
  const chart = `${folder}/chart`;
  await Deno.mkdir(`${chart}/templates`, { recursive: true });
  await Deno.writeTextFile(
    `${chart}/Chart.yaml`,
    "apiVersion: v2\nname: bench\nversion: 1.0.0\n",
  );
  for (const [index, manifest] of manifests.entries()) {
    if (manifest.kind === "Namespace") continue;
    const name = `${manifest.kind.toLowerCase()}-${index}.yaml`;
    // JSON is YAML, and none of the objects has what helm would take for a template.
    await Deno.writeTextFile(`${chart}/templates/${name}`, JSON.stringify(manifest));
  }
  const helm = settings.peers["helm"]!;
  const release = ["bench", chart, "--namespace", namespace];
  return {
    first: peer([helm, "install", ...release, "--create-namespace"], settings),
    again: peer([helm, "upgrade", ...release], settings),
    check: () => {},
  };
}

/** A list in JSON, which both Slipway and kubectl read faster than YAML. */
async function writeList({ manifests, folder }: Job): Promise<string> {
  const file = `${folder}/objects.json`;
  const list = { apiVersion: "v1", kind: "List", items: manifests };
  await Deno.writeTextFile(file, JSON.stringify(list));
  return file;
}

function peer(command: string[], { kubeconfig, home }: ToolSettings): TimedCommand {
  return { command, cwd: home, env: { HOME: home, KUBECONFIG: kubeconfig }, clearEnv: true };
}
