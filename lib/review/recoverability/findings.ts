import { chainOf, firstOfEach, shutNeeds, wayNeeds } from "./chains.ts";
import type { KeyGraph } from "./graph.ts";
import type { KeyNode } from "./key_node.ts";
import { nameOf, nameOfNode } from "./names.ts";
import { openedWithout, openedWithoutCluster } from "./opened.ts";

/** What can be wrong with where keys are kept. */
export type KeyFindingKind =
  | "backup-key-inside"
  | "unseal-key-inside"
  | "no-way-in"
  | "key-without-backup"
  | "holder-unnamed";

/** Something that would be lost with the cluster, or with nobody knows whom. */
export interface KeyFinding {
  /** What is wrong. */
  kind: KeyFindingKind;
  /** With what. */
  node: KeyNode;
  /** Why, without a final period. */
  because: string;
  /** What to do about it, without a final period. */
  remedy: string;
}

/** Kinds of nodes that must be opened when the cluster is gone. */
const wanted = new Set(["vault", "backup", "transit key", "shares", "sealing keys"]);

/** What of a platform could not be opened any more when the cluster is gone, each told once, where it begins. */
export function keyFindings(graph: KeyGraph): KeyFinding[] {
  const nodes = [...graph.nodes.values()];
  const opened = openedWithoutCluster(graph);
  // What is lost with the cluster on purpose, such as a backup beside another one, is not wrong by itself.
  const shut = nodes.filter(({ id, kind, harmless, lost }) =>
    wanted.has(kind) && !opened.has(id) && harmless === undefined && lost !== true
  );
  const inside = [
    ...nodes.filter(({ kind }) => kind === "backup").flatMap((node) =>
      backupKeyInside(node, graph)
    ),
    ...shut.flatMap(unsealKeyInside),
  ];
  const told = new Set(inside.map(({ node }) => node.id));
  const explained = new Set(inside.flatMap(({ node }) => shutNeeds(node, graph, opened)));
  const roots = shut.filter((node) =>
    !told.has(node.id) && !shutNeeds(node, graph, opened).some((id) => told.has(id))
  );
  const ends = roots.filter(({ id, ways }) => ways.length === 0 && !explained.has(id));
  const endIds = new Set(ends.map(({ id }) => id));
  const others = roots.filter((node) =>
    node.ways.length > 0 && !shutNeeds(node, graph, opened).some((id) => endIds.has(id))
  );
  return [
    ...inside,
    ...firstOfEach(others, graph, opened).map((node) => noWayIn(node, graph, opened)),
    ...ends.map(withoutBackup),
    ...nodes.filter(isOnlyOnItsHost).map(onlyOnItsHost),
    ...nodes.filter(({ unnamed }) => unnamed === true).map(unnamed),
  ];
}

/** Whatever else is left: a backup that cannot be read without what it protects is none. */
function backupKeyInside(node: KeyNode, graph: KeyGraph): KeyFinding[] {
  const { protects = [] } = node;
  const opened = openedWithout(graph, protects);
  if (protects.length === 0 || opened.has(node.id)) return [];
  const needs = shutNeeds(node, graph, opened);
  const within = protects.find((id) => needs.includes(id));
  const missing = wayNeeds(node).find((id) => !opened.has(id));
  return within === undefined || missing === undefined ? [] : [{
    kind: "backup-key-inside",
    node,
    because: `it protects ${nameOf(graph, within)}, and ${
      nameOf(graph, missing)
    }, which it cannot be read without, are kept there alone`,
    remedy: "keep a copy of the key elsewhere, and say where in the store's keysKeptAt",
  }];
}

/** An unseal key that is only in the cluster that it unseals. */
function unsealKeyInside(node: KeyNode): KeyFinding[] {
  const isShares = node.kind === "shares";
  if (node.place !== "cluster" || !(isShares || node.kind === "transit key")) return [];
  return [{
    kind: "unseal-key-inside",
    node,
    because: isShares
      ? `the shares that unseal it are in ${node.keptAt}, on the cluster that they unseal, and nowhere else`
      : `what unseals it is ${node.keptAt}, on the same cluster, and nowhere else`,
    remedy: isShares
      ? "name holders with age recipients in its initialize"
      : "let the other vault stand outside of the cluster, or back it up to a store elsewhere",
  }];
}

function noWayIn(node: KeyNode, graph: KeyGraph, opened: ReadonlySet<string>): KeyFinding {
  const chain = chainOf(node, graph, opened).map((id) => nameOf(graph, id));
  return {
    kind: "no-way-in",
    node,
    because: `when the cluster is gone nothing opens it: ${chain.join(" needs ")}`,
    remedy: "keep one of these keys with people, or in a store elsewhere, as well",
  };
}

function withoutBackup(node: KeyNode): KeyFinding {
  return {
    kind: "key-without-backup",
    node,
    because: `nothing of ${
      nameOfNode(node)
    } is kept outside of the cluster, and all that it opens is lost with it`,
    remedy: node.kind === "sealing keys"
      ? "back the keys up with `deno task sealing-keys backup`, and say to whom in sealing.keyBackups"
      : "back it up to a store elsewhere, in backups.jobs",
  };
}

/** The cluster's loss does it no harm, but that of its host does. */
function isOnlyOnItsHost({ kind, place, ways }: KeyNode): boolean {
  return kind === "vault" && place === "outside" && ways.length === 1;
}

function onlyOnItsHost(node: KeyNode): KeyFinding {
  return {
    kind: "key-without-backup",
    node,
    because: `${
      nameOfNode(node)
    } is on its own host alone, and all that it unseals is lost with it`,
    remedy:
      `have its host make backups with \`backup-vault\`, and say where they are in vaults.${node.name}.outside.backupsKeptAt`,
  };
}

function unnamed(node: KeyNode): KeyFinding {
  return {
    kind: "holder-unnamed",
    node,
    because: `nobody is named who has the shares of the vault ${node.name}`,
    remedy: `say who gets them in vaults.${node.name}.initialize.holders`,
  };
}
