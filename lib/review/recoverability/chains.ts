import type { KeyGraph } from "./graph.ts";
import type { KeyNode } from "./key_node.ts";

/** Of several that need each other, the first is enough. */
export function firstOfEach(
  nodes: readonly KeyNode[],
  graph: KeyGraph,
  opened: ReadonlySet<string>,
): KeyNode[] {
  const kept: KeyNode[] = [];
  for (const node of nodes) {
    const needs = shutNeeds(node, graph, opened);
    if (!kept.some(({ id }) => needs.includes(id))) kept.push(node);
  }
  return kept;
}

/** All that is shut and that something needs, directly or not. */
export function shutNeeds(node: KeyNode, graph: KeyGraph, opened: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const id of wayNeeds(next)) {
      const needed = graph.nodes.get(id);
      if (needed === undefined || opened.has(id) || found.has(id)) continue;
      found.add(id);
      open.push(needed);
    }
  }
  return [...found];
}

/** From a thing to what it lacks, and what that lacks, until one comes again. */
export function chainOf(node: KeyNode, graph: KeyGraph, opened: ReadonlySet<string>): string[] {
  const chain = [node.id];
  for (let at: KeyNode | undefined = node; at !== undefined;) {
    const next: string | undefined = wayNeeds(at).find((id) => !opened.has(id));
    if (next === undefined) break;
    const isAgain = chain.includes(next);
    chain.push(next);
    at = isAgain ? undefined : graph.nodes.get(next);
  }
  return chain;
}

/** All that the ways of a thing need. */
export function wayNeeds({ ways }: KeyNode): string[] {
  return ways.flatMap(({ needs }) => needs.flatMap(({ of }) => of));
}
