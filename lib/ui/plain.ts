import { formatDuration } from "../core/units.ts";
import { describe } from "./describe.ts";
import { createPaint } from "./paint.ts";
import { problemLines, type Renderer, type RendererParts } from "./renderer.ts";
import { createShown } from "./shown.ts";
import { createStages, type EndedStage, type RunningStage, shareOf } from "./stages.ts";
import { oneLine, printable } from "./text.ts";

/** How often a stage that goes on says so, in milliseconds. */
export const stillEveryMs = 15_000;

/** Tables in files and mails may be wide: nobody folds their lines. */
const width = 200;

/** One line for each thing that happens, without control characters: for CI, cron and files. */
export function createPlainRenderer({ stdout, stderr, clock }: RendererParts): Renderer {
  const paint = createPaint(false);
  const stages = createStages();
  const shown = createShown();
  let stopTicking: (() => void) | undefined;

  const progress = (line: string) => stderr.write(`${line}\n`);
  const tick = () => {
    for (const stage of stages.running()) progress(stillLine(stage, clock.nowMs()));
  };
  const stopWhenIdle = () => {
    if (stages.running().length > 0) return;
    stopTicking?.();
    stopTicking = undefined;
  };

  return {
    emit(event) {
      const ended = stages.take(event, clock.nowMs());
      if (event.type === "stage" && event.state === "started") {
        progress(`${oneLine(event.stage)} ...`);
        stopTicking ??= clock.every(stillEveryMs, tick);
      }
      if (ended !== undefined) progress(endedPlainLine(ended));
      stopWhenIdle();
      if (!shown.isNew(event)) return;
      const { stream, lines } = describe(event, paint, width);
      const screen = stream === "result" ? stdout : stderr;
      for (const line of lines) screen.write(`${line}\n`);
    },
    print: (text) => stdout.write(`${text}\n`),
    problem(problem) {
      for (const line of problemLines(problem)) progress(printable(line));
    },
    pause() {},
    close() {
      for (const ended of stages.stop(clock.nowMs())) progress(endedPlainLine(ended));
      stopWhenIdle();
    },
    end() {},
  };
}

/** A stage that goes on: `Apply workloads: 3 of 12, Deployment shop/web: 1 of 3 replicas available (30.0 s)`. */
export function stillLine(stage: RunningStage, nowMs: number): string {
  const { done = 0, total } = stage;
  const count = total === undefined ? [] : [shareOf(done, total) ?? `${done} of ${total}`];
  const detail = stage.detail === undefined ? [] : [oneLine(stage.detail)];
  const doing = [...count, ...detail].join(", ");
  return `${oneLine(stage.stage)}: ${doing === "" ? "still going on" : doing} (${
    formatDuration(nowMs - stage.startedMs)
  })`;
}

/** A stage that ended: `Apply workloads: done in 1.2 s: 12 objects`. */
export function endedPlainLine(stage: EndedStage): string {
  const joint = { done: "in", failed: "after", stopped: "after", skipped: "after" }[stage.state];
  const took = stage.durationMs === undefined || stage.state === "skipped"
    ? ""
    : ` ${joint} ${formatDuration(stage.durationMs)}`;
  const detail = stage.detail === undefined ? "" : `: ${oneLine(stage.detail)}`;
  return `${oneLine(stage.stage)}: ${stage.state}${took}${detail}`;
}
