import { keyFindings } from "./findings.ts";
import type { KeyGraph } from "./graph.ts";
import type { KeyNode, Need, Place, Way } from "./key_node.ts";
import { nameOfNode } from "./names.ts";
import { indispensable, openedWithoutCluster } from "./opened.ts";

/** Where things are kept, as headings have it, from who outlives everything to what is lost. */
export const placeNames: Readonly<Record<Place, string>> = {
  people: "With people",
  outside: "Outside of the cluster",
  store: "In stores of backups",
  cluster: "In the cluster",
};

/**
 * What opens what, as people read it: each thing with where it is kept and, for the day when the cluster is gone, how
 * it is opened.
 */
export function keyGraphText(graph: KeyGraph): string {
  const opened = openedWithoutCluster(graph);
  const nodes = [...graph.nodes.values()];
  const sections = Object.entries(placeNames).flatMap(([place, heading]) => {
    const here = nodes.filter((node) => node.place === place);
    return here.length === 0 ? [] : [
      heading,
      ...here.flatMap((node) => linesOf(node, graph, opened)),
      "",
    ];
  });
  return [...sections, ...closing(graph, opened)].join("\n");
}

function linesOf(node: KeyNode, graph: KeyGraph, opened: ReadonlySet<string>): string[] {
  const isAsked = node.place === "people" && node.ways.every(({ needs }) => needs.length === 0);
  return [
    `  ${opened.has(node.id) ? " " : "!"} ${nameOfNode(node)} (${node.keptAt})`,
    ...(isAsked ? [] : waysText(node, graph).map((line) => `      ${line}`)),
  ];
}

function waysText({ ways, harmless, lost }: KeyNode, graph: KeyGraph): string[] {
  if (lost === true) return ["lost with the cluster"];
  if (ways.length > 0) {
    return ways.map((way, index) => (index > 0 ? "or " : "") + wayText(way, graph));
  }
  return [harmless === undefined ? "lost with the cluster" : `lost with the cluster: ${harmless}`];
}

/** What is done, and by what. */
export function wayText({ what, needs }: Way, graph: KeyGraph): string {
  const with_ = needs.map((need) => needText(need, graph)).join(" and ");
  return with_ === "" ? what : `${what}, with ${with_}`;
}

function needText({ of, atLeast }: Need, graph: KeyGraph): string {
  const counts = new Map<string, number>();
  for (const id of of) counts.set(id, (counts.get(id) ?? 0) + 1);
  const names = [...counts].map(([id, count]) => {
    const node = graph.nodes.get(id);
    const name = node === undefined ? id : nameOfNode(node);
    return count > 1 ? `${name} (${count})` : name;
  });
  if (of.length === 1) return names[0]!;
  return atLeast === 1
    ? `any of ${names.join(", ")}`
    : `${atLeast} of those of ${names.join(", ")}`;
}

/** How much of it is opened, and who must not be lost beside the cluster. */
function closing(graph: KeyGraph, opened: ReadonlySet<string>): string[] {
  const nodes = [...graph.nodes.values()];
  const shut = nodes.filter(({ id }) => !opened.has(id)).length;
  const needed = indispensable(graph).map(({ holder, shut }) => ({ holder, shut: shut.length }));
  return [
    shut === 0
      ? "When the cluster is gone, all of it can be opened."
      : `When the cluster is gone, ${nodes.length - shut} of ${nodes.length} can be opened.`,
    ...needed.map(({ holder, shut }) =>
      `Without ${nameOfNode(holder)} as well, ${shut} of them stay shut.`
    ),
  ];
}

/** What is found, as records: one for each thing, and one for each finding. */
export function keyGraphRecords(graph: KeyGraph): Record<string, unknown>[] {
  const opened = openedWithoutCluster(graph);
  return [
    ...[...graph.nodes.values()].map(({ id, kind, name, place, keptAt, ways, harmless }) => ({
      type: "key",
      id,
      kind,
      name,
      place,
      keptAt,
      ways,
      opened: opened.has(id),
      ...(harmless === undefined ? {} : { harmless }),
    })),
    ...keyFindings(graph).map(({ kind, node, because, remedy }) => ({
      type: "finding",
      kind,
      id: node.id,
      because,
      remedy,
    })),
  ];
}
