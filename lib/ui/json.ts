import type { SlipwayEvent } from "../core/events.ts";
import { problemLines, type Renderer, type RendererParts } from "./renderer.ts";
import { printable } from "./text.ts";

/**
 * One JSON object a line on standard output, and nothing else there. Problems are
 * told there as `{"type":"error",…}`, and to people on standard error.
 */
export function createJsonRenderer({ stdout, stderr }: Omit<RendererParts, "clock">): Renderer {
  const writeLine = (value: unknown) => stdout.write(`${JSON.stringify(value)}\n`);
  let summary: SlipwayEvent | undefined;
  return {
    // The summary is the last line, also of a run that fails after it. A run on several things has one of each.
    emit(event) {
      if (event.type !== "summary") return writeLine(event);
      if (summary !== undefined) writeLine(summary);
      summary = event;
    },
    print: (text) => stdout.write(`${text}\n`),
    problem(problem) {
      const { message, remedy, exitCode, retryable } = problem;
      writeLine({ type: "error", message, remedy, exitCode, retryable });
      for (const line of problemLines(problem)) stderr.write(`${printable(line)}\n`);
    },
    pause() {},
    close() {},
    end() {
      if (summary !== undefined) writeLine(summary);
      summary = undefined;
    },
  };
}
