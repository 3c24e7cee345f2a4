import {
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Node,
  Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";
import { UsageError } from "../core/errors.ts";
import { closest } from "../core/closest.ts";
import { aboveLine, lineEnd, type TextEdit, withEdits } from "../core/text_edit.ts";

/** What becomes of a platform file that serves as a template. */
export interface TemplateChanges {
  /** Name of the new platform. */
  name: string;
  /** Its domain. */
  domain: string;
  /** Environments to keep; all of them when there is none. */
  environments: readonly string[];
}

/**
 * The text of a platform file for another name and domain, all else as it stands there. What follows from both is
 * said in the file with `$(name)` and `$(domain)`. What is sealed, and with what, is left out: it is for other names and
 * another cluster.
 *
 * @throws {UsageError} when the template has no such environment
 */
export function fromTemplate(text: string, changes: TemplateChanges): string {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return text;
  return withEdits(text, [
    ...replaced(contents, "name", changes.name),
    ...replaced(contents, "domain", changes.domain),
    ...environmentEdits(text, contents.get("environments"), changes.environments),
    ...removedWithSealed(text, contents, []),
  ]);
}

function replaced(map: YAMLMap, key: string, value: string): TextEdit[] {
  const node = map.get(key, true);
  return isScalar(node) && node.range != null
    ? [{ start: node.range[0], end: node.range[1], text: stringify(value).trim() }]
    : [];
}

function environmentEdits(text: string, section: unknown, wanted: readonly string[]): TextEdit[] {
  if (!isMap(section)) return [];
  const known = section.items.map(({ key }) => nameOf(key));
  for (const name of wanted) refuseUnknown(name, known);
  const dropped = section.items.filter(({ key }) =>
    wanted.length > 0 && !wanted.includes(nameOf(key))
  );
  const kept = section.items.filter((pair) => !dropped.includes(pair));
  return [
    ...removed(text, section, dropped),
    ...kept.flatMap(({ value }) => {
      if (!isMap(value)) return [];
      // An overlay's domain is the template's own, unless it follows from the file's.
      const foreign = value.items.filter(({ key, value }) =>
        nameOf(key) === "domain" && !nameOf(value).includes("$(")
      );
      return removedWithSealed(text, value, foreign);
    }),
  ];
}

function refuseUnknown(wanted: string, known: readonly string[]): void {
  if (known.includes(wanted)) return;
  const guess = closest(wanted, known);
  throw new UsageError(
    `Cannot take environment "${wanted}": the template has ${known.join(", ")}`,
    {
      remedy: `name one of them with --env${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    },
  );
}

/**
 * Take entries out of a platform or an overlay, and with them what is sealed, and with what: that is for one cluster
 * and one name. Nothing that is left empty may stay, for an empty entry of an overlay deletes that of the platform.
 */
function removedWithSealed(text: string, map: YAMLMap, pairs: readonly Pair[]): TextEdit[] {
  const gone = [...pairs, ...map.items.filter(({ key }) => nameOf(key) === "sealing")];
  const section = map.items.find(({ key }) => nameOf(key) === "sealedSecrets");
  if (!isMap(section?.value)) return removed(text, map, gone);
  const secrets = section.value.items;
  const emptied = secrets.filter(({ value }) => isMap(value) && value.items.every(isSealed));
  if (emptied.length === secrets.length) return removed(text, map, [...gone, section]);
  return [
    ...removed(text, map, gone),
    ...removed(text, section.value, emptied),
    ...secrets.flatMap((secret) =>
      isMap(secret.value) && !emptied.includes(secret)
        ? removed(text, secret.value, secret.value.items.filter(isSealed))
        : []
    ),
  ];
}

function isSealed({ key }: Pair): boolean {
  return ["sealed", "sealedWith"].includes(nameOf(key));
}

/** Take entries out of a map: within braces with their commas, otherwise with their lines and the comments above. */
function removed(text: string, map: YAMLMap, pairs: readonly Pair[]): TextEdit[] {
  if (map.flow !== true) {
    return pairs.map((pair) => ({
      start: aboveLine(text, startOf(pair)),
      end: lineEnd(text, endOf(pair)),
      text: "",
    }));
  }
  const kept = map.items.filter((pair) => !pairs.includes(pair));
  if (kept.length === map.items.length) return [];
  if (kept.length === 0) return [{ start: map.range![0], end: map.range![1], text: "{}" }];
  return map.items.filter((pair) => pairs.includes(pair)).map((pair) => {
    const place = map.items.indexOf(pair);
    const next = map.items[place + 1];
    const isLast = !map.items.slice(place).some((other) => kept.includes(other));
    // What comes last goes with the comma before it.
    return isLast
      ? { start: endOf(map.items[place - 1]!), end: endOf(pair), text: "" }
      : { start: startOf(pair), end: startOf(next!), text: "" };
  });
}

function startOf({ key }: Pair): number {
  return (key as Node).range![0];
}

function endOf({ key, value }: Pair): number {
  if (isCollection(value) && value.flow !== true && value.items.length > 0) {
    const last = value.items.at(-1);
    return isPair(last) ? endOf(last) : endOf(new Pair(key, last));
  }
  return (isNode(value) ? value : key as Node).range![1];
}

function nameOf(node: unknown): string {
  return String(isScalar(node) ? node.value : node);
}
