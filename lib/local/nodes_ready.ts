import type { ClusterClient } from "../core/cluster.ts";
import type { KubeObject } from "../core/object.ts";

/** A node, as far as its readiness goes. Source: k8s.io/api, core/v1 Node. */
interface NodeObject extends KubeObject {
  spec?: { taints?: { key: string }[] };
  status?: { conditions?: { type: string; status: string; reason?: string }[] };
}

/** Taint that the controller manager takes off a node once it has seen it ready. Source: core/v1 TaintNodeNotReady. */
const notReadyTaints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Why pods cannot be put on a node yet, or undefined when they can. */
export function notReadyBecause(node: KubeObject): string | undefined {
  const { spec, status } = node as NodeObject;
  const condition = status?.conditions?.find((each) => each.type === "Ready");
  if (condition?.status !== "True") {
    return condition === undefined
      ? "kwok has not taken it over yet"
      : condition.reason ?? "not Ready";
  }
  const taint = spec?.taints?.find((each) => notReadyTaints.includes(each.key));
  return taint === undefined ? undefined : `it still has the taint ${taint.key}`;
}

/**
 * Wait until all of these nodes are ready.
 *
 * @param waiting is told, at each change, which are not ready and why
 */
export async function waitForNodes(
  client: ClusterClient,
  names: readonly string[],
  options: { signal: AbortSignal; waiting: (because: ReadonlyMap<string, string>) => void },
): Promise<void> {
  const causes = new Map(names.map((name) => [name, "it is not there yet"]));
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, options.signal]);
  try {
    for await (const event of client.watch({ apiVersion: "v1", kind: "Node" }, { signal })) {
      if (event.type === "synced") continue;
      const { name } = event.object.metadata;
      if (!names.includes(name)) continue;
      const because = event.type === "deleted" ? "it was deleted" : notReadyBecause(event.object);
      if (because === undefined) causes.delete(name);
      else causes.set(name, because);
      options.waiting(causes);
      if (causes.size === 0) return;
    }
  } finally {
    ending.abort();
  }
  options.signal.throwIfAborted();
}
