import { endName } from "./ends.ts";
import type { AllowedPair, FlowMatrix, MatrixEnd } from "./matrix.ts";
import { portsText } from "./port_set.ts";

/** Lines of a list of targets are broken before this column. */
const listWidth = 56;

/**
 * A matrix for people: by namespace and source, whom it may reach on which ports; then what is denied, by number.
 *
 * @example
 * ```
 * shop
 *   web  → shop: database, cache  5432
 *        → internet               443
 *
 * 3 pairs are allowed, 17 denied
 * ```
 */
export function matrixText(matrix: FlowMatrix): string {
  const bySource = Map.groupBy(matrix.allowed, ({ from }) => from);
  const rows = [...bySource].flatMap(([from, pairs]) => rowsOf(from, pairs));
  const widths = {
    source: Math.max(0, ...rows.map(({ source }) => source.length)),
    target: Math.max(0, ...rows.map(({ target }) => target.length)),
  };
  const sections = [...Map.groupBy(rows, ({ place }) => place)].map(([place, own]) =>
    [place, ...own.map((row) => lineOf(row, widths))].join("\n")
  );
  return [...sections, footerOf(matrix)].join("\n\n");
}

interface Row {
  /** Namespace of the source. */
  place: string;
  /** Name of the source, in its first row only. */
  source: string;
  target: string;
  ports: string;
  /** Whether the row goes on with the targets of the one before. */
  isMore: boolean;
}

function rowsOf(from: MatrixEnd, pairs: readonly AllowedPair[]): Row[] {
  const place = from.namespace ?? "outside of the cluster";
  const lines = [
    ...Map.groupBy(pairs, (pair) => `${pair.to.namespace ?? ""} ${portsOf(pair)}`).values(),
  ].flatMap((same) => {
    const { namespace } = same[0]!.to;
    const names = wrapped(same.map(({ to }) => to.name));
    return names.map((list, index) => ({
      target: index > 0 ? `  ${list}` : namespace === undefined ? list : `${namespace}: ${list}`,
      ports: index > 0 ? "" : portsOf(same[0]!),
      isMore: index > 0,
    }));
  });
  return lines.map((line, index) => ({ place, source: index === 0 ? from.name : "", ...line }));
}

function portsOf({ ports, isPartial, isByAddress }: AllowedPair): string {
  return `${portsText(ports)}${isPartial ? " (some addresses)" : ""}${
    isByAddress ? " (by address)" : ""
  }`;
}

function wrapped(names: readonly string[]): string[] {
  return names.reduce<string[]>((lines, name, index) => {
    const text = index === names.length - 1 ? name : `${name},`;
    const last = lines.at(-1);
    if (last === undefined || last.length + text.length + 1 > listWidth) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
    return lines;
  }, []);
}

function lineOf(
  { source, target, ports, isMore }: Row,
  widths: { source: number; target: number },
): string {
  const arrow = isMore ? " " : "→";
  return `  ${source.padEnd(widths.source)}  ${arrow} ${target.padEnd(widths.target)}  ${ports}`
    .trimEnd();
}

function footerOf({ ends, allowed, denied, open }: FlowMatrix): string {
  const own = ends.filter(({ rendered }) => rendered);
  const others = allowed.filter(({ from, to }) => from !== to).length;
  return [
    `${counted(others, "pair")} allowed, ${denied} denied` +
    (open === 0 ? "" : `, ${open} open because no policy holds either end`),
    ...heldByNone("Anybody may connect to", own.filter(({ heldIn }) => !heldIn)),
    ...heldByNone("No policy bounds the connections of", own.filter(({ heldOut }) => !heldOut)),
  ].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? " is" : "s are"}`;
}

function heldByNone(text: string, ends: readonly MatrixEnd[]): string[] {
  return ends.length === 0 ? [] : [`${text} ${ends.map(endName).join(", ")}`];
}
