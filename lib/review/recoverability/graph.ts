import type { Platform } from "../../platform/types.ts";
import { backupNodes } from "./backup_nodes.ts";
import type { KeyNode } from "./key_node.ts";
import { sealedNodes } from "./sealed_nodes.ts";
import { storeNodes } from "./store_nodes.ts";
import { vaultNodes } from "./vault_nodes.ts";

/** What opens what in a platform. */
export interface KeyGraph {
  /** All nodes, by id. */
  nodes: ReadonlyMap<string, KeyNode>;
}

/** Find out which key opens what, and where each is kept. */
export function keyGraphOf(platform: Platform): KeyGraph {
  const nodes = [
    ...vaultNodes(platform),
    ...storeNodes(platform),
    ...sealedNodes(platform),
    ...backupNodes(platform),
  ];
  const known = new Map<string, KeyNode>();
  // A person may hold keys of several things.
  for (const node of nodes) if (!known.has(node.id)) known.set(node.id, node);
  return { nodes: known };
}
