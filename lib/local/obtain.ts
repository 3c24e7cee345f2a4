import { mapConcurrently } from "../core/concurrency.ts";
import type { Emit } from "../core/events.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import { formatBytes, formatDuration } from "../core/units.ts";
import { cachedPath, keepProgram } from "./cached_program.ts";
import { download, type DownloadTimes, mirrored, NotToBeHad } from "./download.ts";
import { readDurations, rememberDuration } from "./durations.ts";
import { exists } from "./files.ts";
import { goBuild, GoUnusable } from "./go_build.ts";
import { findOnPath } from "./path_program.ts";
import type { Platform, Program } from "./programs.ts";

/** What getting programs needs. */
export interface ObtainOptions {
  /** Folder of the cache. */
  cacheDir: string;
  /** Folder that holds the folders of the go.mod files. */
  modulesDir: string;
  /** The system that the programs are for. */
  platform: Platform;
  /** The value of an environment variable: PATH, SLIPWAY_MIRROR, and what Go reads. */
  env: (name: string) => string | undefined;
  /** Receives what happens. */
  emit: Emit;
  /** Ends the work. */
  signal: AbortSignal;
  /** The time now. */
  now: () => Temporal.Instant;
  /** How patient downloads are. */
  times?: DownloadTimes;
}

const stage = "Get the programs";
const downloadsAtOnce = 3;

/**
 * Get programs: from the cache, from PATH where the version is exactly the one that is wanted, from
 * the upstream release or the mirror named by SLIPWAY_MIRROR with its checksum verified, or built
 * from pinned Go modules. `SLIPWAY_MIRROR=off` leaves the release out.
 *
 * @returns their paths, by name
 * @throws {ChecksumMismatch} when a download is not what was published; nothing else is tried then
 * @throws {SlipwayError} naming all that was tried when a program is not to be had
 */
export async function obtainPrograms(
  programs: readonly Program[],
  options: ObtainOptions,
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  await mapConcurrently(programs, programs.length, async (program) => {
    const cached = cachedPath(options.cacheDir, program);
    if (await exists(cached)) paths[program.name] = cached;
  });
  const missing = programs.filter(({ name }) => paths[name] === undefined);
  if (missing.length === 0) return paths;

  const startedAt = options.now();
  const run = createRun(missing, options);
  const emit = (state: "started" | "done" | "failed") =>
    options.emit({
      type: "stage",
      stage,
      state,
      done: run.done,
      total: missing.length,
      ...(state === "started" ? {} : { durationMs: elapsedMs(startedAt, options) }),
    });
  emit("started");
  try {
    const rest = await collect(missing, paths, run, (program) => run.lookOnPath(program));
    const toBuild = await collect(rest, paths, run, (program) => run.fetch(program));
    for (const program of toBuild) {
      paths[program.name] = await run.build(program);
      run.done++;
    }
    emit("done");
    return paths;
  } catch (error) {
    emit("failed");
    throw error;
  }
}

/** @returns the programs that this source does not have */
async function collect(
  programs: readonly Program[],
  paths: Record<string, string>,
  run: { done: number },
  source: (program: Program) => Promise<string | undefined>,
): Promise<Program[]> {
  await mapConcurrently(programs, downloadsAtOnce, async (program) => {
    const path = await source(program);
    if (path === undefined) return;
    paths[program.name] = path;
    run.done++;
  });
  return programs.filter(({ name }) => paths[name] === undefined);
}

function createRun(missing: readonly Program[], options: ObtainOptions) {
  const tried = new Map<string, string[]>(missing.map(({ name }) => [name, []]));
  const unreachable = new Set<string>();
  const run = {
    done: 0,
    async lookOnPath(program: Program): Promise<string | undefined> {
      const found = await findOnPath(program, options.env("PATH") ?? "", options.signal);
      if (found.path === undefined) tried.get(program.name)!.push(`PATH: ${found.because}`);
      return found.path;
    },
    async fetch(program: Program): Promise<string | undefined> {
      const attempts = tried.get(program.name)!;
      const mirror = options.env("SLIPWAY_MIRROR") || undefined;
      const upstream = program.release(options.platform);
      const { os, arch } = options.platform;
      if (mirror === "off" || upstream === undefined) {
        const why = mirror === "off" ? "SLIPWAY_MIRROR is off" : `there is none for ${os}/${arch}`;
        attempts.push(`release: ${why}`);
        return undefined;
      }
      const release = mirrored(upstream, mirror);
      const hosts = [release.url, release.checksumUrl].map((url) => new URL(url).host);
      const lost = hosts.find((host) => unreachable.has(host));
      if (lost !== undefined) {
        attempts.push(`release: ${lost} did not answer before`);
        return undefined;
      }
      try {
        return await keepProgram(
          program,
          keepOptions(program),
          (folder) =>
            timed(program, "download", (told) =>
              download(release, {
                folder,
                signal: options.signal,
                times: options.times,
                progress: (bytes, total) =>
                  told(
                    total === undefined
                      ? formatBytes(bytes)
                      : `${formatBytes(bytes)} of ${formatBytes(total)}`,
                  ),
              })),
        );
      } catch (error) {
        if (!(error instanceof NotToBeHad)) throw error;
        attempts.push(`release: ${error.message}`);
        if (error.unreachableHost !== undefined) unreachable.add(error.unreachableHost);
        return undefined;
      }
    },
    async build(program: Program): Promise<string> {
      try {
        return await keepProgram(
          program,
          keepOptions(program),
          (folder) =>
            timed(program, "build", (told) =>
              goBuild(program, {
                ...options,
                folder,
                progress: ({ packages, modules }) =>
                  told([
                    ...(modules > 0 ? [`${modules} modules downloaded`] : []),
                    ...(packages > 0 ? [`${packages} packages compiled`] : []),
                  ].join(", ")),
              })),
        );
      } catch (error) {
        if (!(error instanceof GoUnusable)) throw error;
        const all = [...tried.get(program.name)!, `Go: ${messageOf(error)}`];
        throw new SlipwayError(
          `Cannot get ${program.name} ${program.version}:\n${
            all.map((line) => `    ${line}`).join("\n")
          }`,
          {
            remedy: `${
              error.remedy ?? "mend Go"
            }, name a mirror with SLIPWAY_MIRROR, or put the program into PATH`,
            cause: error,
          },
        );
      }
    },
  };

  const keepOptions = (program: Program) => ({
    cacheDir: options.cacheDir,
    signal: options.signal,
    onWait: (holder: string) => progress(`waiting for ${holder}, which makes ${program.name}`),
  });
  const progress = (detail: string) =>
    options.emit({
      type: "stage",
      stage,
      state: "progress",
      detail,
      done: run.done,
      total: missing.length,
    });

  /** Tell what is done and how long it took last time, now and whenever there is news, and remember how long it takes. */
  const timed = async (
    program: Program,
    what: "build" | "download",
    work: (told: (detail: string) => void) => Promise<string>,
  ): Promise<string> => {
    const key = `${what} ${program.name} ${program.version}`;
    const last = (await readDurations(options.cacheDir))[key];
    const startedAt = options.now();
    let toldAt = Number.NEGATIVE_INFINITY;
    const tell = (detail: string) => {
      const ms = elapsedMs(startedAt, options);
      if (ms - toldAt < 250) return;
      toldAt = ms;
      const before = last === undefined ? "" : `, it took ${formatDuration(last)} last time`;
      const sofar = detail === "" ? "" : `: ${detail}`;
      progress(`${what} ${program.name} ${program.version}${before}${sofar}`);
    };
    tell("");
    const path = await work(tell);
    await rememberDuration(options.cacheDir, key, elapsedMs(startedAt, options));
    return path;
  };
  return run;
}

function elapsedMs(since: Temporal.Instant, { now }: Pick<ObtainOptions, "now">): number {
  return now().since(since).total("milliseconds");
}
