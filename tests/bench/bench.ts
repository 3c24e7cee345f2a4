import type { Context } from "../../lib/core/context.ts";
import { measureApply } from "./apply.ts";
import { measureBackup } from "./backup.ts";
import { measureBackupMemory } from "./backup_memory.ts";
import { type Ground, withGround } from "./ground.ts";
import { measureHelp } from "./help.ts";
import { isBusy, lookAtMachine, type Machine } from "./machine.ts";
import { type Figure, figureOf, type Part, parts, type Series } from "./measure.ts";
import { measureRender } from "./render.ts";
import { measureRenderPeers } from "./render_peers.ts";
import { measureSeal } from "./seal.ts";
import { measureStart } from "./start.ts";

/** What is to be measured. */
export interface BenchRequest {
  /** Parts to run. */
  only: readonly Part[];
  /** Runs that count, of each part. */
  runs: number;
}

/** What was measured. */
export interface BenchResult {
  /** RFC 3339 time of the start. */
  startedAt: string;
  /** What it was measured on. */
  machine: Machine;
  /** Runs that were asked for. */
  runs: number;
  /** The figures, with the value of each run. */
  figures: Figure[];
}

/** Measure, part by part; `onPart` gets what there is so far after each, and which figures are new. */
export async function bench(
  request: BenchRequest,
  context: Context,
  onPart: (soFar: BenchResult, added: readonly Figure[]) => Promise<void>,
): Promise<BenchResult> {
  const startedAt = context.now().toString({ smallestUnit: "second" });
  const machine = await lookAtMachine();
  if (isBusy(machine)) {
    context.emit({
      type: "note",
      level: "warning",
      message: `others use this machine: its load is ${
        machine.loadBefore.toFixed(1)
      } on ${machine.cores} cores`,
      remedy: "measure again when it is quiet; until then only ratios mean something",
    });
  }
  const result: BenchResult = { startedAt, machine, runs: request.runs, figures: [] };
  await withGround(context, async (ground) => {
    for (const part of parts.filter((each) => request.only.includes(each))) {
      const added = (await measure(part, ground, request.runs)).map(figureOf);
      result.figures.push(...added);
      await onPart(result, added);
    }
  });
  return result;
}

async function measure(part: Part, ground: Ground, runs: number): Promise<Series[]> {
  switch (part) {
    case "help":
      return await measureHelp(ground.context);
    case "render":
      return [
        ...await measureRender(ground.context, runs),
        ...await measureRenderPeers(ground, runs),
      ];
    case "seal":
      return await measureSeal(ground, runs);
    case "start":
      return await measureStart(ground, runs);
    case "apply":
      return await measureApply(ground, runs);
    case "backup":
      return await measureBackup(ground, runs);
    case "backup-memory":
      return await measureBackupMemory(ground, runs);
  }
}
