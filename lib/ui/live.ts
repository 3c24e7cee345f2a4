import { formatDuration } from "../core/units.ts";
import type { Paint } from "./paint.ts";
import { type EndedStage, type RunningStage, shareOf } from "./stages.ts";
import { columnsOf, cutTo, oneLine } from "./text.ts";

/** Escape sequences that redraw a live line. Source: ECMA-48, section 8.3. */
export const cursor = {
  /** Hide the cursor while lines move. */
  hide: "\u001b[?25l",
  /** Show the cursor again. */
  show: "\u001b[?25h",
  /** From the last of `lines` drawn lines back to the start of the first, and clear all below. */
  eraseLines: (lines: number): string =>
    lines === 0 ? "" : `\r${lines > 1 ? `\u001b[${lines - 1}A` : ""}\u001b[J`,
};

/** How often a live line is drawn again, in milliseconds. */
export const redrawEveryMs = 100;

const spinner = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
/** Columns of a bar; on narrow terminals what is waited for matters more. */
const barColumns = { narrow: 8, wide: 16 };
const wideFrom = 100;

/** What a live line depends on besides its stage. */
export interface LiveView {
  /** The time now, in milliseconds of the renderer's clock. */
  nowMs: number;
  /** Terminal columns. */
  width: number;
  /** Colours. */
  paint: Paint;
}

/** One stage that goes on, as one line: spinner, name, bar, elapsed time, and what it does just now. */
export function liveLine(stage: RunningStage, { nowMs, width, paint }: LiveView): string {
  const elapsedMs = Math.max(0, nowMs - stage.startedMs);
  const frame = spinner[Math.floor(elapsedMs / redrawEveryMs) % spinner.length]!;
  const name = oneLine(stage.stage);
  const parts: { text: string; painted: string }[] = [
    { text: frame, painted: paint.cyan(frame) },
    { text: name, painted: name },
  ];
  if (stage.total !== undefined && stage.total > 0) {
    const done = Math.min(stage.done ?? 0, stage.total);
    const columns = width < wideFrom ? barColumns.narrow : barColumns.wide;
    const full = Math.floor((done / stage.total) * columns);
    const filled = "━".repeat(full);
    const rest = "─".repeat(columns - full);
    const count = ` ${shareOf(done, stage.total) ?? `${done}/${stage.total}`}`;
    parts.push({
      text: filled + rest + count,
      painted: paint.cyan(filled) + paint.dim(rest) + count,
    });
  }
  const elapsed = formatElapsed(elapsedMs);
  parts.push({ text: elapsed, painted: paint.dim(elapsed) });
  if (stage.detail !== undefined) {
    const detail = oneLine(stage.detail);
    parts.push({ text: detail, painted: paint.dim(detail) });
  }
  return fit(parts, width);
}

/** A stage that ended, as the line that stays. */
export function endedLine(stage: EndedStage, paint: Paint): string {
  const sign = {
    done: paint.green("✓"),
    failed: paint.red("✗"),
    skipped: paint.dim("-"),
    stopped: paint.yellow("✗"),
  }[stage.state];
  const name = oneLine(stage.stage);
  const state = stage.state === "stopped" || stage.state === "skipped" ? stage.state : "";
  const took = stage.durationMs === undefined ? "" : formatDuration(stage.durationMs);
  const detail = oneLine(stage.detail ?? "");
  // Lines that stay may take several rows: only those that are redrawn must not.
  return [sign, name, ...[state, took, detail].filter((text) => text !== "").map(paint.dim)].join(
    " ",
  );
}

/** Elapsed time without tenths once they would only flicker: `3 s`, `1 min 20 s`. */
function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : formatDuration(ms);
}

/** Joins parts by spaces as long as they fit; the first that does not is cut, the rest is left out. */
function fit(parts: readonly { text: string; painted: string }[], width: number): string {
  const shown: string[] = [];
  let room = width;
  for (const { text, painted } of parts) {
    const columns = columnsOf(text);
    if (columns > room) {
      if (room > 1) shown.push(cutTo(text, room));
      break;
    }
    shown.push(painted);
    room -= columns + 1;
  }
  return shown.join(" ");
}
