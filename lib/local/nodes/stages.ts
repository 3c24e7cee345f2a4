import { simulatedNodeSelector } from "./names.ts";
import { nodeStages } from "./node_stages.ts";
import { podStages } from "./pod_stages.ts";

/** kwok's configuration file: the stages of simulated nodes and pods, as a stream of documents. */
export function kwokConfig(): string {
  return [...nodeStages, ...podStages].map((stage) => JSON.stringify(stage, null, 2))
    .join("\n---\n") + "\n";
}

/** Arguments of kwok, all but its program name. */
export function kwokArguments(
  { kubeconfig, config }: {
    /** Path of the kubeconfig that kwok uses. */
    kubeconfig: string;
    /** Path of the file with {@linkcode kwokConfig}. */
    config: string;
  },
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${config}`,
    "--manage-all-nodes=false",
    `--manage-nodes-with-annotation-selector=${simulatedNodeSelector}`,
    "--node-lease-duration-seconds=0",
  ];
}
