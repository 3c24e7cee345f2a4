import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { LocalCluster } from "../../lib/flows/embedded/cluster.ts";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import { freePort } from "../../lib/local/ports.ts";
import { startProcess, stopProcess } from "../../lib/local/process.ts";
import { hostContext } from "../context.ts";

/**
 * Have kwok run programs for pods, on this machine and as this user, while `work` is done: its ClusterExec. It speaks
 * SPDY only, as kubelets before Kubernetes 1.36 do, so the API server translates. It tells no exit codes, and never
 * that input ends.
 */
export async function withKwokExec(
  client: ClusterClient,
  cluster: LocalCluster,
  work: () => Promise<void>,
): Promise<void> {
  const port = freePort();
  const config = `${cluster.folder}/kwok-exec.yaml`;
  // kwok does not start without any stage.
  const documents = [
    {
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "ClusterExec",
      metadata: { name: "here" },
      spec: { execs: [{ local: { workDir: "/" } }] },
    },
    {
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "Stage",
      metadata: { name: "none" },
      spec: {
        resourceRef: { apiGroup: "v1", kind: "Node" },
        selector: { matchLabels: { none: "none" } },
        next: {},
      },
    },
  ];
  await Deno.writeTextFile(config, documents.map((each) => JSON.stringify(each)).join("\n---\n"));
  const running = await startProcess({
    command: [
      await programPath("kwok", hostContext()),
      `--kubeconfig=${cluster.kubeconfigPath}`,
      `--config=${config}`,
      "--manage-all-nodes=false",
      "--manage-single-node=none",
      `--server-address=127.0.0.1:${port}`,
    ],
    env: { PATH: Deno.env.get("PATH") ?? "" },
    cwd: cluster.folder,
    logFile: `${cluster.folder}/logs/kwok-exec.log`,
  });
  try {
    await answering(port);
    const { items } = await client.list({ apiVersion: "v1", kind: "Node" });
    for (const { metadata: { name } } of items) {
      await client.patch({ apiVersion: "v1", kind: "Node", name }, {
        status: { daemonEndpoints: { kubeletEndpoint: { Port: port } } },
      }, { subresource: "status" });
    }
    await work();
  } finally {
    await stopProcess(running, { graceMs: 2_000 });
    await running.ended;
  }
}

async function answering(port: number): Promise<void> {
  for (const deadline = performance.now() + 20_000;;) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
