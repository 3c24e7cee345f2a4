import type { Context } from "../../lib/core/context.ts";
import { SlipwayError } from "../../lib/core/errors.ts";
import { step } from "../../lib/core/steps.ts";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import type { Ground } from "./ground.ts";
import { ratios, rotated, type Series } from "./measure.ts";
import { projectFolder, taskCommand, timed, type TimedCommand } from "./timed.ts";

const part = "seal";

/** How many Secrets a repository has. */
const many = 200;

/** One sealing is short, so that more runs cost little and tell more. */
const runsOfOne = 20;

/** A certificate as a controller has it: RSA of 4096 bits. Nobody has its key. */
const certificate = `${projectFolder}tests/bench/sealing.pem`;

/** Commands that are measured. */
interface Sealers {
  /** A script that does nothing: what Deno takes in any case. */
  nothing: readonly string[];
  /** Our command, before the files that it is to seal. */
  own: readonly string[];
  /** kubeseal, likewise. */
  peer: readonly string[];
}

/** Seal one Secret, and all those of a repository: by kubeseal, which seals one file a process, and by ours. */
export async function measureSeal({ context, folder }: Ground, runs: number): Promise<Series[]> {
  await Deno.writeTextFile(`${folder}/nothing.ts`, "");
  const sealers = {
    nothing: [Deno.execPath(), "run", "-q", "--no-config", `${folder}/nothing.ts`],
    own: [...await taskCommand("seal-secret"), "--cert", certificate, "-o", "yaml"],
    peer: [await programPath("kubeseal", context), "--cert", certificate, "-o", "yaml"],
  };
  const secrets = `${folder}/secrets`;
  await Deno.mkdir(secrets);
  const files = Array.from({ length: many }, (_, index) => `${secrets}/secret-${index}.yaml`);
  await Promise.all(files.map((file, index) => Deno.writeTextFile(file, secretText(index))));
  return [
    ...await measureOne(sealers, files[0]!, context),
    ...await measureMany(sealers, { secrets, files }, context, runs),
  ];
}

async function measureOne(
  { nothing, own, peer }: Sealers,
  file: string,
  context: Context,
): Promise<Series[]> {
  return await step(context, "Seal one Secret", async (progress) => {
    const commands = [
      { name: "own", command: [...own, "-f", file], secrets: 1 },
      { name: "peer", command: [...peer, "-f", file], secrets: 1 },
      { name: "nothing", command: nothing, secrets: 0 },
    ];
    const values: Record<string, number[]> = { own: [], peer: [], nothing: [] };
    for (let run = 0; run <= runsOfOne; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runsOfOne + 1);
      for (const { name, command, secrets } of rotated(commands, run)) {
        const ms = await sealed({ command }, secrets, context.signal);
        if (run > 0) values[name]!.push(ms);
      }
    }
    const [ours, theirs] = [values["own"]!, values["peer"]!];
    return [
      { part, name: "one Secret, slipway", unit: "ms", values: ours },
      { part, name: "one Secret, kubeseal", unit: "ms", values: theirs },
      { part, name: "Deno with an empty script", unit: "ms", values: values["nothing"]! },
      {
        part,
        name: "one Secret, our time / kubeseal's",
        unit: "times",
        values: ratios(ours, theirs),
        wanted: { atMost: 1.5 },
      },
    ];
  });
}

async function measureMany(
  { own, peer }: Sealers,
  { secrets, files }: { secrets: string; files: readonly string[] },
  context: Context,
  runs: number,
): Promise<Series[]> {
  const { signal } = context;
  return await step(context, `Seal ${many} Secrets`, async (progress) => {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run <= runs; run++) {
      progress(run === 0 ? "warm-up" : `run ${run}`, run, runs + 1);
      const ms = await sealed({ command: [...own, "-f", secrets] }, many, signal);
      let total = 0;
      for (const file of files) {
        total += await sealed({ command: [...peer, "-f", file] }, 1, signal);
      }
      if (run === 0) continue;
      ours.push(ms);
      theirs.push(total);
    }
    return [
      { part, name: `${many} Secrets, slipway`, unit: "ms", values: ours },
      { part, name: `${many} Secrets, kubeseal`, unit: "ms", values: theirs },
      {
        part,
        name: `${many} Secrets, kubeseal's time / ours`,
        unit: "times",
        values: ratios(theirs, ours),
        wanted: { atLeast: 5 },
      },
    ];
  });
}

/** Time of a process that seals so many Secrets; kubeseal ends well also where it seals none. */
async function sealed(
  command: TimedCommand,
  wanted: number,
  signal: AbortSignal,
): Promise<number> {
  const { ms, stdout } = await timed(command, signal);
  const found = stdout.match(/^kind: SealedSecret$/gm)?.length ?? 0;
  if (found === wanted) return ms;
  throw new SlipwayError(
    `Cannot compare: ${command.command[0]} sealed ${found} Secrets, wanted ${wanted}`,
  );
}

/** A Secret with three keys. */
function secretText(index: number): string {
  const values = ["username", "password", "connection"].map((key) =>
    `  ${key}: ${btoa(`${key} of Secret ${index}`)}`
  );
  return [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: secret-${index}`,
    "  namespace: shop",
    "type: Opaque",
    "data:",
    ...values,
    "",
  ].join("\n");
}
