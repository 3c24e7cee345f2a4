import type { ClusterClient, ListQuery } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import { SlipwayError } from "../core/errors.ts";
import { type KubeObject, type Manifest, refOf } from "../core/object.ts";
import { hasReason } from "../core/status_error.ts";
import { livesOn } from "./nodes/capacity.ts";
import { simulatedNodeAnnotation, simulatedNodeValue } from "./nodes/names.ts";
import { hostnameLabel, type Node, type PersistentVolume } from "./nodes/storage.ts";
import {
  defaultNodes,
  labelsOf,
  type LocalNode,
  nodeRecordAnnotation,
  recordOf,
  resourcesOf,
  simulatedNode,
} from "./simulated_node.ts";

/** Which simulated nodes a cluster is to have: so many like ones at least, or exactly these. */
export type WantedNodes = { least: number } | { exactly: readonly LocalNode[] };

/** What has to be done so that a cluster has the nodes it is to have. */
export interface NodePlan {
  /** Names of all nodes that are waited for. */
  names: string[];
  /** Nodes that are missing. */
  create: LocalNode[];
  /** Nodes that are there with other labels, taints or resources. */
  update: { live: KubeObject; wanted: LocalNode }[];
  /** Simulated nodes that are there and not wanted. */
  remove: KubeObject[];
}

/** How many nodes a new cluster has when nobody says. */
const defaultCount = 3;

/** What has to be done about nodes. Those that kwok does not simulate are nobody's to change. */
export function planNodes(
  live: readonly KubeObject[],
  wanted: WantedNodes | undefined,
): NodePlan {
  const byName = new Map(live.map((node) => [node.metadata.name, node]));
  const simulated = live.filter(({ metadata }) =>
    metadata.annotations?.[simulatedNodeAnnotation] === simulatedNodeValue
  );
  if (wanted === undefined || "least" in wanted) {
    const keep = wanted === undefined && simulated.length > 0;
    const nodes = keep ? [] : defaultNodes(wanted?.least ?? defaultCount);
    return {
      names: keep ? simulated.map(({ metadata }) => metadata.name) : nodes.map(({ name }) => name),
      create: nodes.filter(({ name }) => !byName.has(name)),
      update: [],
      remove: [],
    };
  }
  const names = wanted.exactly.map(({ name }) => name);
  return {
    names,
    create: wanted.exactly.filter(({ name }) => !byName.has(name)),
    update: wanted.exactly.flatMap((node) => {
      const found = byName.get(node.name);
      return found === undefined || found.metadata.annotations?.[nodeRecordAnnotation] ===
          recordOf(node)
        ? []
        : [{ live: found, wanted: node }];
    }),
    remove: simulated.filter(({ metadata }) => !names.includes(metadata.name)),
  };
}

/**
 * Refuse to remove nodes that hold volumes: what would be lost with them must be given up first, as on real ones.
 *
 * @throws {SlipwayError} naming nodes and claims
 */
export async function refuseLoss(
  client: ClusterClient,
  { remove }: NodePlan,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  if (remove.length === 0) return;
  const query = { apiVersion: "v1", kind: "PersistentVolume" };
  const { items } = await client.list<PersistentVolume>(query, { signal });
  const held = items.flatMap((volume) => {
    const node = remove.find((each) => livesOn(volume, each as Node));
    const { namespace, name } = volume.spec.claimRef ?? {};
    return node === undefined || name === undefined || volume.status?.phase !== "Bound"
      ? []
      : [`${node.metadata.name} holds that of PersistentVolumeClaim ${namespace}/${name}`];
  });
  if (held.length === 0) return;
  throw new SlipwayError(
    `Cannot give the cluster its nodes: ${
      remove.map(({ metadata }) => metadata.name).join(", ")
    } ` +
      `would go, and with them volumes: ${held.join(", ")}`,
    {
      remedy: "name a cluster of its own with --cluster, or delete these claims first, or " +
        "remove the whole cluster with `deno task cluster reset`",
    },
  );
}

/** Create missing nodes, and give those that are there what they lack. */
export async function raiseNodes(
  client: ClusterClient,
  { create, update }: NodePlan,
  { kubernetesVersion, signal }: { kubernetesVersion: string; signal: AbortSignal },
): Promise<void> {
  await mapConcurrently(create, 16, async (node) => {
    await createIfAbsent(client, simulatedNode(node, kubernetesVersion), signal);
  });
  await mapConcurrently(update, 16, async ({ live, wanted }) => {
    await client.patch(refOf(live), nodePatch(live, wanted), { signal });
    const resources = resourcesOf(wanted);
    const status = { capacity: resources, allocatable: resources };
    await client.patch(refOf(live), { status }, { signal, subresource: "status" });
  });
}

/** Take pods off surplus nodes, wait until they are gone, and remove the nodes, as an administrator would. */
export async function removeNodes(
  client: ClusterClient,
  { remove }: NodePlan,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await mapConcurrently(remove, 16, async (node) => {
    await client.patch(refOf(node), { spec: { unschedulable: true } }, { signal });
    const pods: ListQuery = {
      apiVersion: "v1",
      kind: "Pod",
      fieldSelector: `spec.nodeName=${node.metadata.name}`,
    };
    const { items } = await client.list(pods, { signal });
    const movable = items.filter((pod) => !isBoundToNode(pod));
    await mapConcurrently(movable, 16, (pod) => client.delete(refOf(pod), { signal }));
    await waitUntilGone(client, pods, new Set(movable.map(({ metadata }) => metadata.uid)), signal);
    await client.delete(refOf(node), { signal });
  });
}

/** Create an object; one that is there already is left as it is. */
export async function createIfAbsent(
  client: ClusterClient,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  if (await client.get(refOf(manifest), { signal }) !== undefined) return;
  try {
    await client.create(manifest, { signal });
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
  }
}

function nodePatch(live: KubeObject, wanted: LocalNode): Record<string, unknown> {
  const before = labelsBefore(live);
  const labels = labelsOf(wanted);
  const { taints = [] } = (live["spec"] ?? {}) as { taints?: { key: string }[] };
  return {
    metadata: {
      annotations: { [nodeRecordAnnotation]: recordOf(wanted) },
      labels: {
        ...Object.fromEntries(before.map((label) => [label, labels[label] ?? null])),
        ...labels,
      },
    },
    spec: {
      unschedulable: null,
      // The node life cycle's own taints come and go by what the controller manager sees.
      taints: [
        ...taints.filter(({ key }) => key.startsWith("node.kubernetes.io/")),
        ...(wanted.taints ?? []),
      ],
    },
  };
}

/** Labels that came with what the node was made of before; others somebody has set by hand. */
function labelsBefore({ metadata }: KubeObject): string[] {
  const record = metadata.annotations?.[nodeRecordAnnotation];
  const own = record === undefined ? [] : Object.keys(labelsOf(JSON.parse(record)));
  return [...own, "node-role.kubernetes.io/control-plane"]
    .filter((label) => label !== hostnameLabel && metadata.labels?.[label] !== undefined);
}

/** DaemonSets put their pods on a node until it is gone; static pods are the node's own. */
function isBoundToNode({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ kind }) =>
    kind === "DaemonSet" || kind === "Node"
  );
}

async function waitUntilGone(
  client: ClusterClient,
  query: ListQuery,
  uids: Set<string | undefined>,
  outer: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, outer]);
  const seen = new Set<string | undefined>();
  try {
    for await (const event of client.watch(query, { signal })) {
      if (event.type === "added") seen.add(event.object.metadata.uid);
      if (event.type === "deleted") uids.delete(event.object.metadata.uid);
      // What went before the watch began is not among what it lists.
      if (event.type === "synced") {
        for (const uid of uids) if (!seen.has(uid)) uids.delete(uid);
      }
      if (uids.size === 0 && event.type !== "added") return;
    }
  } finally {
    ending.abort();
  }
  outer.throwIfAborted();
}
