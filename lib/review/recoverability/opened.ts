import type { KeyGraph } from "./graph.ts";
import type { KeyNode } from "./key_node.ts";

/** What can be opened when the cluster is gone, from what people hold and what is kept elsewhere; by id. */
export function openedWithoutCluster(
  { nodes }: KeyGraph,
  isLost: (node: KeyNode) => boolean = () => false,
): Set<string> {
  return openedFrom(new Set(), [...nodes.values()].filter((node) => !node.lost && !isLost(node)));
}

/** What runs in a cluster and opens others, as long as it is not lost. */
const running = new Set(["vault", "sealing keys", "shares", "transit key"]);

/** What can be opened when only some things of the cluster are gone; by id. */
export function openedWithout({ nodes }: KeyGraph, lost: readonly string[]): Set<string> {
  const left = [...nodes.values()].filter(({ id }) => !lost.includes(id));
  const alive = left.filter(({ kind }) => running.has(kind)).map(({ id }) => id);
  return openedFrom(new Set(alive), left);
}

function openedFrom(opened: Set<string>, nodes: readonly KeyNode[]): Set<string> {
  for (let before = -1; before < opened.size;) {
    before = opened.size;
    for (const node of nodes) if (isOpen(node, opened)) opened.add(node.id);
  }
  return opened;
}

function isOpen({ ways }: KeyNode, opened: ReadonlySet<string>): boolean {
  return ways.some(({ needs }) =>
    needs.every(({ of, atLeast }) => of.filter((id) => opened.has(id)).length >= atLeast)
  );
}

/** Holders whose loss leaves something shut that could be opened otherwise, each with what. */
export function indispensable(graph: KeyGraph): { holder: KeyNode; shut: KeyNode[] }[] {
  const all = openedWithoutCluster(graph);
  return [...graph.nodes.values()].filter(({ kind }) => kind === "holder").flatMap((holder) => {
    const without = openedWithoutCluster(graph, ({ id }) => id === holder.id);
    const shut = [...all].filter((id) => id !== holder.id && !without.has(id))
      .map((id) => graph.nodes.get(id)!);
    return shut.length === 0 ? [] : [{ holder, shut }];
  });
}
