import { describe } from "./describe.ts";
import { cursor, endedLine, liveLine, redrawEveryMs } from "./live.ts";
import type { Paint } from "./paint.ts";
import { problemLines, type Renderer, type RendererParts } from "./renderer.ts";
import { createShown } from "./shown.ts";
import { createStages } from "./stages.ts";
import { printable } from "./text.ts";

/**
 * One live line for each stage that goes on, redrawn on standard error, and all
 * that stays above it. The timer runs, and the cursor is hidden, only while a stage goes on.
 */
export function createLiveRenderer(
  { stdout, stderr, clock, paint }: RendererParts & { paint: Paint },
): Renderer {
  const stages = createStages();
  const shown = createShown();
  let drawn = 0;
  let stopTicking: (() => void) | undefined;

  const erase = () => {
    if (drawn > 0) stderr.write(cursor.eraseLines(drawn));
    drawn = 0;
  };
  const draw = () => {
    const width = stderr.columns() - 1;
    const lines = stages.running()
      // More lines than the terminal has rows could not be taken off again.
      .slice(-Math.max(1, stderr.rows() - 1))
      .map((stage) => liveLine(stage, { nowMs: clock.nowMs(), width, paint }));
    stderr.write(cursor.eraseLines(drawn) + lines.join("\n"));
    drawn = lines.length;
  };
  const start = () => {
    if (stopTicking !== undefined) return;
    stderr.write(cursor.hide);
    stopTicking = clock.every(redrawEveryMs, draw);
  };
  const stop = () => {
    erase();
    if (stopTicking === undefined) return;
    stopTicking();
    stopTicking = undefined;
    stderr.write(cursor.show);
  };

  return {
    emit(event) {
      const ended = stages.take(event, clock.nowMs());
      const { stream, lines } = shown.isNew(event)
        ? describe(event, paint, (stdout.isTerminal ? stdout : stderr).columns())
        : { stream: "progress", lines: [] };
      if (ended !== undefined || lines.length > 0) erase();
      if (ended !== undefined) stderr.write(`${endedLine(ended, paint)}\n`);
      const screen = stream === "result" ? stdout : stderr;
      for (const line of lines) screen.write(`${line}\n`);
      if (stages.running().length === 0) return stop();
      start();
      // Hundreds of events a second would only flicker: what just moved on waits for the timer.
      if (stages.running().length !== drawn) draw();
    },
    print(text) {
      erase();
      stdout.write(`${text}\n`);
    },
    problem(problem) {
      stop();
      problemLines(problem).forEach((line, index) => {
        const text = printable(line);
        stderr.write(`${index === 0 ? text.replace(/^error:/, paint.red("error:")) : text}\n`);
      });
    },
    pause: stop,
    close() {
      const stopped = stages.stop(clock.nowMs());
      stop();
      for (const ended of stopped) {
        stderr.write(`${endedLine(ended, paint)}\n`);
      }
    },
    end() {},
  };
}
