import type { KeyNode, Need, NodeKind, Way } from "./key_node.ts";

/** Id of a node. */
export function idOf(kind: NodeKind, name: string): string {
  return `${kind}/${name}`;
}

/** One thing. */
export function one(kind: NodeKind, name: string): Need {
  return { of: [idOf(kind, name)], atLeast: 1 };
}

/** A way by which something can be had from where it is, without any key. */
export const freely: Way = { what: "kept in the clear", needs: [] };

/** A node without anything that not every node has. */
export function node(
  kind: NodeKind,
  name: string,
  rest: Omit<KeyNode, "id" | "kind" | "name" | "objects" | "ways"> & Partial<KeyNode>,
): KeyNode {
  return { id: idOf(kind, name), kind, name, ways: [], objects: [], ...rest };
}

/** People who hold age identities. */
export function holderNodes(holders: Readonly<Record<string, string>> = {}): KeyNode[] {
  return Object.keys(holders).map((name) =>
    node("holder", name, {
      place: "people",
      keptAt: "an age identity of one's own",
      ways: [{ what: "asked", needs: [] }],
    })
  );
}

/** Any one of some holders; nothing where there are none, since nothing is encrypted then. */
export function anyHolder(holders: Readonly<Record<string, string>> = {}): Need[] {
  const names = Object.keys(holders);
  return names.length === 0 ? [] : [{ of: names.map((name) => idOf("holder", name)), atLeast: 1 }];
}

/** A place that people keep keys at, as they say it. */
export function keptNode(place: string): KeyNode {
  return node("holder", place, {
    place: "people",
    keptAt: "as the platform file says",
    ways: [{ what: "looked up", needs: [] }],
  });
}
