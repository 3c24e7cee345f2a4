import { measures } from "./measures.ts";

/** Colours of arrows: apart from each other for most eyes. Source: M. Okabe, K. Ito, "Color Universal Design" (2008). */
export const colours = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#8a6d00",
  "#56b4e9",
  "#6b4fbb",
] as const;

/** Looks that all drawings share; `more` are those of one. */
export function styleOf(more: string): string {
  return `
  text { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2933; }
  .title { font-size: 18px; font-weight: 600; }
  .note, .place { font-size: 11px; fill: #616e7c; }
  .band { fill: #f5f7fa; stroke: #cbd2d9; }
  .band-name { font-size: 13px; font-weight: 600; fill: #3e4c59; }
  .box { fill: #ffffff; stroke: #52606d; }
${more}
  .name { font-size: 12.5px; font-weight: 600; }
  .port { font-size: 11.5px; fill: #3e4c59; font-variant-numeric: tabular-nums; }
  .arrow { fill: none; stroke-width: 1.6; stroke-opacity: 0.8; }
  .light { stroke-width: 1.2; stroke-opacity: 0.45; }
  .wide { stroke-dasharray: 2 4; }
  .arrow:hover { stroke-width: 3.2; stroke-opacity: 1; }
`;
}

/** A document with its title, a line below it, and all that is drawn. */
export function svgDocument(
  { width, height, title, note, style }: {
    width: number;
    height: number;
    title: string;
    note: string;
    style: string;
  },
  content: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}"` +
    ` viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style}</style>`,
    `<defs>${colours.map(marker).join("")}</defs>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(measures.margin, 36, "title", title),
    text(measures.margin, 58, "note", note),
    ...content,
    "</svg>\n",
  ].join("\n");
}

function marker(colour: string, index: number): string {
  return `<marker id="head-${index}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8"` +
    ` markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
    `<path d="M0 0.8L8 4L0 7.2z" fill="${colour}"/></marker>`;
}

/** A band of the height that it has, with its name. */
export function svgBand(
  { name, x, width }: { name: string; x: number; width: number },
  height: number,
): string {
  return `<rect class="band" x="${round(x)}" y="${measures.heading}" width="${round(width)}"` +
    ` height="${round(height)}" rx="8"/>` +
    text(x + measures.bandPadding, measures.heading + 22, "band-name", name);
}

/** A curve from a point to another, pulled by two, which tells what it is. */
export function svgArrow(
  points: readonly { x: number; y: number }[],
  { classes, colour, title }: { classes: string; colour: typeof colours[number]; title: string },
): string {
  const [start, ...rest] = points.map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `<path class="${classes}" stroke="${colour}"` +
    ` marker-end="url(#head-${colours.indexOf(colour)})"` +
    ` d="M${start}C${rest.join(" ")}">` +
    `<title>${escaped(title)}</title></path>`;
}

/** A line of text. */
export function text(x: number, y: number, className: string, content: string): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}">${escaped(content)}</text>`;
}

/** A text that fits into a box. */
export function shortened(content: string): string {
  const { longestName } = measures;
  return content.length > longestName ? `${content.slice(0, longestName - 1)}…` : content;
}

/** A number with one digit after the point at most. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A text as XML has it. */
export function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
