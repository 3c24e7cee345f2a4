import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { Path } from "./mistake.ts";

/** A mistake of YAML itself. */
export interface SyntaxMistake {
  /** Where it begins, in characters from the start of the text. */
  offset: number;
  /** What is wrong and what was expected. */
  message: string;
}

/** Where a path leads to in a document. */
export interface Found {
  /** How many parts of the path the document has. */
  depth: number;
  /** Whether the path goes on below something that cannot have it, as a list or a text. */
  blocked: boolean;
  /** Where the deepest part that is there begins, in characters from the start of the text. */
  offset: number;
}

/** A YAML document that remembers where everything stands. */
export interface Source {
  /** The document as JSON values; undefined when the YAML is broken. */
  value: unknown;
  /** Mistakes of the YAML itself. */
  mistakes: SyntaxMistake[];
  /**
   * Follow a path as far as it goes, through keys as `read` gives them. With `atKey`, the position of the last key
   * and not of its value.
   */
  find(path: Path, options?: { atKey?: boolean; read?: (key: string) => string }): Found;
  /** Line and column, both from 1, of an offset. */
  position(offset: number): { line: number; column: number };
}

const explained: Record<string, string> = {
  TAB_AS_INDENT: "a tab indents this line, expected spaces",
  MULTIPLE_DOCS: "a second document begins here, expected one for each file",
  DUPLICATE_KEY: "this key stands twice in the same map, expected once",
};

/** Read YAML with the position of each value. Aliases, anchors and tags are mistakes: a value is written where it belongs. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: "1.2",
  });
  const mistakes = document.errors.map((error) => ({
    offset: error.pos[0],
    message: explained[error.code] ?? error.message,
  }));
  visit(document, {
    Alias: (_key, node) => {
      mistakes.push({
        offset: node.range?.[0] ?? 0,
        message: `alias *${node.source}, expected the value itself: aliases are not used here`,
      });
    },
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor !== undefined) {
        mistakes.push({
          offset: node.range?.[0] ?? 0,
          message: `anchor &${node.anchor}, expected none: aliases are not used here`,
        });
      }
      if (!isAlias(node) && node.tag !== undefined) {
        mistakes.push({
          offset: node.range?.[0] ?? 0,
          message: `tag ${node.tag}, expected none: tags are not used here`,
        });
      }
    },
  });
  return {
    value: mistakes.length === 0 ? document.toJS() : undefined,
    mistakes,
    find: (path, { atKey = false, read = (key: string) => key } = {}) =>
      find(document.contents as Node | null, path, atKey, read),
    position(offset) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}

function find(
  root: Node | null,
  path: Path,
  atKey: boolean,
  read: (key: string) => string,
): Found {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) =>
        isScalar(item.key) && read(String(item.key.value)) === part
      );
      if (pair === undefined) return { depth, blocked: false, offset };
      const key = pair.key as Node;
      node = pair.value;
      const last = depth === path.length - 1;
      // A map or a list begins on the line after its key; the key's line says more.
      const atValue = isScalar(node) && node.range != null && node.value !== null &&
        !(atKey && last);
      offset = (atValue ? (node as Node).range?.[0] : key.range?.[0]) ?? offset;
    } else if (isSeq(node) && typeof part === "number") {
      const item = node.items[part] as Node | undefined;
      if (item === undefined) return { depth, blocked: true, offset };
      node = item;
      offset = item.range?.[0] ?? offset;
    } else {
      return { depth, blocked: node !== null && !isNullScalar(node), offset };
    }
  }
  return { depth: path.length, blocked: false, offset };
}

function isNullScalar(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
