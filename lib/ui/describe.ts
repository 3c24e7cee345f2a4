import type { ChangeEvent, NoteEvent, SlipwayEvent, TargetEvent } from "../core/events.ts";
import { paintDiffLine } from "./diff.ts";
import { figuresLine } from "./figures.ts";
import type { Paint } from "./paint.ts";
import { tableLines } from "./table.ts";
import { oneLine, printable } from "./text.ts";

/** Lines for people, and which of the two output streams they belong on. */
export interface Description {
  /** `result` is what was asked for and may be piped on; `progress` is how the run goes. */
  stream: "result" | "progress";
  /** The lines, without line feeds. */
  lines: string[];
}

/**
 * What an event says to people. Stages say nothing here: they are drawn by the
 * live or the plain renderer. Objects that stay as they are say nothing either:
 * the summary counts them.
 */
export function describe(event: SlipwayEvent, paint: Paint, width: number): Description {
  switch (event.type) {
    case "target":
      return { stream: "progress", lines: [targetLine(event, paint)] };
    case "change":
      return { stream: "result", lines: changeLines(event, paint) };
    case "note":
      return { stream: "progress", lines: noteLines(event, paint) };
    case "wait":
      return {
        stream: "progress",
        lines: event.state === "failed"
          ? [`${paint.red("✗")} ${oneLine(`${event.subject}: ${event.because}`)}`]
          : [],
      };
    case "table":
      return {
        stream: "result",
        lines: ["", paint.bold(oneLine(event.title)), ...tableLines(event, width, paint)],
      };
    case "summary":
      return { stream: "result", lines: [oneLine(figuresLine(event))] };
    case "stage":
      return { stream: "progress", lines: [] };
  }
}

function targetLine(event: TargetEvent, paint: Paint): string {
  const kind = event.embedded ? "embedded cluster" : "context";
  const server = event.server === undefined ? "" : ` at ${event.server}`;
  return paint.bold(oneLine(`Target: ${kind} ${event.name}${server}`));
}

const signs: Record<ChangeEvent["action"], string> = {
  created: "+",
  configured: "~",
  unchanged: "=",
  pruned: "-",
  kept: "=",
  conflicted: "!",
  failed: "✗",
};

function changeLines(event: ChangeEvent, paint: Paint): string[] {
  // What was planned is on the screen already; of what is done only failures are news.
  if (event.action === "unchanged" || event.phase === "apply" && event.action !== "failed") {
    return [];
  }
  const because = event.because === undefined ? "" : `: ${event.because}`;
  const line = oneLine(`${signs[event.action]} ${event.subject} ${event.action}${because}`);
  const diff = (event.diff ?? []).flatMap((text) => printable(text).split("\n"));
  return [
    paintAction(event.action, line, paint),
    ...diff.map((text) => `    ${paintDiffLine(text, paint)}`),
  ];
}

function paintAction(action: ChangeEvent["action"], line: string, paint: Paint): string {
  switch (action) {
    case "created":
      return paint.green(line);
    case "configured":
      return paint.yellow(line);
    case "unchanged":
    case "kept":
      return paint.dim(line);
    case "pruned":
    case "conflicted":
    case "failed":
      return paint.red(line);
  }
}

function noteLines(event: NoteEvent, paint: Paint): string[] {
  const message = oneLine(event.message);
  return [
    event.level === "warning" ? `${paint.yellow("warning:")} ${message}` : message,
    ...(event.remedy === undefined ? [] : [`  remedy: ${oneLine(event.remedy)}`]),
  ];
}
