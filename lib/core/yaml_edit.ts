import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  stringify,
  type YAMLMap,
} from "yaml";
import { lineEnd, type TextEdit, withEdits } from "../core/text_edit.ts";

/** A text to be set in a YAML or JSON stream. */
export interface YamlSetting {
  /** Which document of the stream, from 0. @default 0 */
  document?: number;
  /** Keys that lead to it; maps that are not there are made. */
  path: readonly string[];
  /** The text. */
  value: string;
}

/** Values to be added to one map, nested as their paths are. */
interface Addition {
  [key: string]: Addition | string;
}

/**
 * Set texts in a YAML or JSON stream, and leave all else as it stands there, comments and layout too. A map within
 * braces on one line is written out line by line when something comes into it, unless the stream is JSON.
 *
 * @throws {RangeError} when a path leads through something that is no map, or the stream has no such document
 */
export function setInYaml(text: string, settings: readonly YamlSetting[]): string {
  if (settings.length === 0) return text;
  const documents = parseAllDocuments(text, { keepSourceTokens: false });
  const edits: TextEdit[] = [];
  const additions = new Map<YAMLMap | Pair, { addition: Addition; parent: YAMLMap | undefined }>();
  for (const { document = 0, path, value } of settings) {
    const root = Array.isArray(documents) ? documents[document]?.contents : undefined;
    if (!isMap(root)) throw new RangeError(`document ${document + 1} is no map`);
    const { map, rest, parent } = follow(root, path);
    const pair = rest.length === 1 && isMap(map) ? pairOf(map, rest[0]!) : undefined;
    if (pair !== undefined && isMap(map)) {
      edits.push(replacement(text, pair, map, value));
      continue;
    }
    const addition: Addition = additions.get(map)?.addition ?? {};
    additions.set(map, { addition, parent });
    let place = addition;
    for (const key of rest.slice(0, -1)) place = (place[key] ??= {}) as Addition;
    place[rest.at(-1)!] = value;
  }
  for (const [map, { addition, parent }] of additions) {
    edits.push(
      isPair(map) ? filling(text, map, addition) : insertion(text, { map, parent, addition }),
    );
  }
  return withEdits(text, edits);
}

/**
 * Follow a path to the deepest map that is there, or a key with nothing behind it; at least the last key of the path
 * is left over.
 */
function follow(
  root: YAMLMap,
  path: readonly string[],
): { map: YAMLMap | Pair; rest: readonly string[]; parent: YAMLMap | undefined } {
  let map = root;
  let parent: YAMLMap | undefined;
  for (let depth = 0; depth < path.length; depth++) {
    const rest = path.slice(depth);
    const pair = pairOf(map, rest[0]!);
    if (rest.length === 1 || pair === undefined) return { map, rest, parent };
    let value = pair.value;
    parent = map;
    while (isSeq(value)) {
      value = value.items[Number(path[++depth])];
      parent = undefined;
    }
    if (!isMap(value)) {
      const isEmpty = isScalar(value) && value.value === null && value.source === "" &&
        map.flow !== true && value === pair.value;
      if (isEmpty) return { map: pair, rest: path.slice(depth + 1), parent };
      throw new RangeError(`${path.slice(0, depth + 1).join(".")} is no map`);
    }
    map = value;
  }
  throw new RangeError("the path does not end in a map");
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === key);
}

function replacement(text: string, pair: Pair, map: YAMLMap, value: string): TextEdit {
  const { key, value: node } = pair;
  const start = (key as Node).range![0];
  const isBlock = map.flow !== true;
  if (isCollection(node) || isAlias(node)) throw new RangeError(`${String(key)} is no text`);
  if (!isScalar(node) || node.range == null || node.value === null) {
    const end = isScalar(node) && node.range != null ? node.range[1] : (key as Node).range![1];
    const colon = text.slice((key as Node).range![1], end).includes(":") ? " " : ": ";
    return { start: end, end, text: colon + scalar(value, columnOf(text, start), isBlock) };
  }
  const wasQuoted = node.type === Scalar.QUOTE_DOUBLE;
  const written = wasQuoted && !value.includes("\n")
    ? JSON.stringify(value)
    : scalar(value, columnOf(text, start), isBlock && !wasQuoted);
  // A literal's range has its last line break.
  const [from, to] = node.range;
  const broken = text[to - 1] === "\n" && from !== to;
  return { start: from, end: broken ? to - 1 : to, text: written };
}

function insertion(
  text: string,
  { map, parent, addition }: { map: YAMLMap; parent: YAMLMap | undefined; addition: Addition },
): TextEdit {
  if (map.flow !== true) {
    const indent = columnOf(text, startOf(map.items[0]!));
    const end = lineEnd(text, endOf(map.items.at(-1)!));
    const lead = end > 0 && text[end - 1] !== "\n" ? "\n" : "";
    return { start: end, end, text: lead + blockLines(addition, indent) };
  }
  const [start, end] = map.range!;
  const written = text.slice(start, end);
  if (parent !== undefined && parent.flow !== true && !/[\n#]/.test(written)) {
    const own = parent.items.find(({ value }) => value === map)!;
    const indent = columnOf(text, startOf(own)) + 2;
    const lines = map.items.map((pair) =>
      `${" ".repeat(indent)}${text.slice(startOf(pair), endOf(pair))}\n`
    );
    // The blank before the brace goes with it.
    return {
      start: text[start - 1] === " " ? start - 1 : start,
      end,
      text: `\n${lines.join("")}${blockLines(addition, indent)}`.slice(0, -1),
    };
  }
  return flowInsertion(text, map, addition);
}

/** Below a key with nothing behind it; a comment on its line stays there. */
function filling(text: string, pair: Pair, addition: Addition): TextEdit {
  const end = lineEnd(text, (pair.key as Node).range![1]);
  const lead = end > 0 && text[end - 1] !== "\n" ? "\n" : "";
  const lines = blockLines(addition, columnOf(text, startOf(pair)) + 2);
  return { start: end, end, text: lead + lines };
}

/** Into braces: behind the last pair, on a line of its own where that has one. */
function flowInsertion(text: string, map: YAMLMap, addition: Addition): TextEdit {
  const pairs = JSON.stringify(addition).slice(1, -1);
  const isCompact = !/[,:]\s/.test(text.slice(...map.range!.slice(0, 2) as [number, number]));
  const last = map.items.at(-1);
  const close = map.range![1] - 1;
  if (last === undefined) return { start: map.range![0], end: close + 1, text: `{${pairs}}` };
  const end = endOf(last);
  const lineStart = text.lastIndexOf("\n", startOf(last)) + 1;
  const indent = text.slice(lineStart, startOf(last));
  const ownLine = /^\s*$/.test(indent) && text.slice(map.range![0], startOf(last)).includes("\n");
  const written = ownLine
    ? JSON.stringify(addition, undefined, 2).split("\n").slice(1, -1)
      .map((line) => `\n${indent}${line.slice(2)}`).join("")
    : `${isCompact ? "" : " "}${pairs}`;
  const comma = /^\s*,/.exec(text.slice(end, close));
  if (comma !== null) {
    const at = end + comma[0].length;
    return { start: at, end: at, text: written };
  }
  return { start: end, end, text: `,${written}` };
}

function blockLines(addition: Addition, indent: number): string {
  return Object.entries(addition).map(([key, value]) => {
    const name = `${" ".repeat(indent)}${stringify(key, { lineWidth: 0 }).trim()}:`;
    return typeof value === "string"
      ? `${name} ${scalar(value, indent, true)}\n`
      : `${name}\n${blockLines(value, indent + 2)}`;
  }).join("");
}

/** A text as YAML; several lines as a literal where the map is no flow. */
function scalar(value: string, indent: number, isBlock: boolean): string {
  if (!isBlock) return JSON.stringify(value);
  if (!value.includes("\n")) return stringify(value, { lineWidth: 0 }).trim();
  const lines = value.replace(/\n$/, "").split("\n");
  return `|${value.endsWith("\n") ? "" : "-"}\n${
    lines.map((line) => " ".repeat(indent + 2) + line).join("\n")
  }`;
}

function columnOf(text: string, place: number): number {
  return place - (text.lastIndexOf("\n", place - 1) + 1);
}

function startOf({ key }: Pair): number {
  return (key as Node).range![0];
}

function endOf({ key, value }: Pair): number {
  if (isCollection(value) && value.flow !== true && value.items.length > 0) {
    const last = value.items.at(-1);
    return isPair(last) ? endOf(last) : (last as Node).range![1];
  }
  return (isNode(value) ? value : key as Node).range![1];
}
