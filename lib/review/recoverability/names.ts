import type { KeyGraph } from "./graph.ts";
import type { KeyNode } from "./key_node.ts";

/** What the node of an id is called among others. */
export function nameOf(graph: KeyGraph, id: string): string {
  const node = graph.nodes.get(id);
  return node === undefined ? id : nameOfNode(node);
}

/** What a node is called among others. */
export function nameOfNode({ kind, name }: Pick<KeyNode, "kind" | "name">): string {
  switch (kind) {
    case "holder":
    case "account":
      return name;
    case "shares":
      return `the shares of ${name}`;
    case "transit key":
      return `the transit key of ${name}`;
    case "vault":
      return `the vault ${name}`;
    case "backup":
      return `the backup ${name}`;
    case "credentials":
      return `the credentials of the store ${name}`;
    case "secrets":
      return `the secrets of the store ${name}`;
    case "sealing keys":
      return "the sealing keys";
    case "sealed secrets":
      return "the sealed secrets";
  }
}
