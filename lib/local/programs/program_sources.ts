import type { Emit } from "../../core/events.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import { keepProgram } from "./cached_program.ts";
import { download, type DownloadTimes, mirrored, NotToBeHad } from "./download.ts";
import { readDurations, rememberDuration } from "./durations.ts";
import { goBuild, goDownload, GoUnusable } from "./go_build.ts";
import { findOnPath } from "./path_program.ts";
import type { Platform, Program, Release } from "./program.ts";

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

/** Where programs come from, besides the cache. */
export interface Sources {
  /** Path of the program in a folder of PATH, or undefined when it is not there in the right version. */
  lookOnPath(program: Program): Promise<string | undefined>;
  /** Path of the program once upstream's release of it was downloaded, or undefined when it is not to be had. */
  fetch(program: Program): Promise<string | undefined>;
  /** Download what a build of the program will need, as far as it can be had; ends early with `signal`. */
  prepare(program: Program, signal: AbortSignal): Promise<void>;
  /** Path of the program once it was built; what was tried before is told when Go cannot be used. */
  build(program: Program): Promise<string>;
}

/** Least time between two reports of how far a download or a build has come, in milliseconds. */
const reportEveryMs = 250;

/** Make the sources of one run; they remember what failed, so that the last error can tell all of it. */
export function createSources(
  options: ObtainOptions,
  report: (detail: string) => void,
): Sources {
  const tried = new Map<string, string[]>();
  const unreachable = new Set<string>();
  const failed = (program: Program, source: string, because: string): undefined => {
    tried.set(program.name, [...tried.get(program.name) ?? [], `${source}: ${because}`]);
  };
  const keep = (
    program: Program,
    what: "build" | "download",
    work: (folder: string, told: (detail: string) => void) => Promise<string>,
  ) =>
    keepProgram(
      program,
      {
        ...options,
        onWait: (holder) => report(`waiting for ${holder}, which makes ${program.name}`),
      },
      (folder) =>
        timed(`${what} ${program.name} ${program.version}`, options, report, (told) =>
          work(folder, told)),
    );

  return {
    async lookOnPath(program) {
      const found = await findOnPath(program, options.env("PATH") ?? "", options.signal);
      return found.path ?? failed(program, "PATH", found.because);
    },
    async fetch(program) {
      const release = chosenRelease(program, options);
      if (typeof release === "string") return failed(program, "release", release);
      const hosts = [release.url, release.checksumUrl].map((url) => new URL(url).host);
      const lost = hosts.find((host) => unreachable.has(host));
      if (lost !== undefined) return failed(program, "release", `${lost} did not answer before`);
      try {
        return await keep(program, "download", (folder, told) =>
          download(release, {
            ...options,
            folder,
            progress: (bytes, total) =>
              told(formatBytes(bytes) + (total === undefined ? "" : ` of ${formatBytes(total)}`)),
          }));
      } catch (error) {
        if (!(error instanceof NotToBeHad)) throw error;
        if (error.unreachableHost !== undefined) unreachable.add(error.unreachableHost);
        return failed(program, "release", error.message);
      }
    },
    prepare: (program, signal) => goDownload(program, { ...options, signal }),
    async build(program) {
      try {
        return await keep(program, "build", (folder, told) =>
          goBuild(program, {
            ...options,
            folder,
            progress: ({ packages, modules }) =>
              told(
                [[modules, "modules downloaded"], [packages, "packages compiled"]]
                  .filter(([count]) => count !== 0).map((words) => words.join(" ")).join(", "),
              ),
          }));
      } catch (error) {
        if (!(error instanceof GoUnusable)) throw error;
        failed(program, "Go", messageOf(error));
        throw nowhere(program, tried.get(program.name)!, error);
      }
    },
  };
}

/** The release to download, or why there is none. */
function chosenRelease(program: Program, { env, platform }: ObtainOptions): Release | string {
  const mirror = env("SLIPWAY_MIRROR");
  if (mirror === "off") return "SLIPWAY_MIRROR is off";
  const release = program.release(platform);
  return release === undefined
    ? `there is none for ${platform.os}/${platform.arch}`
    : mirrored(release, mirror === "" ? undefined : mirror);
}

function nowhere(program: Program, tried: readonly string[], cause: GoUnusable): SlipwayError {
  const attempts = tried.map((line) => `    ${line}`).join("\n");
  return new SlipwayError(`Cannot get ${program.name} ${program.version}:\n${attempts}`, {
    remedy: `${
      cause.remedy ?? "mend Go"
    }, name a mirror with SLIPWAY_MIRROR, or put ${program.name} ${program.version} into PATH`,
    cause,
  });
}

/** Tell what is done and how long it took last time, now and whenever there is news, and remember how long it takes. */
async function timed(
  what: string,
  { cacheDir, now }: ObtainOptions,
  report: (detail: string) => void,
  work: (told: (detail: string) => void) => Promise<string>,
): Promise<string> {
  const last = (await readDurations(cacheDir))[what];
  const title = last === undefined ? what : `${what}, which took ${formatDuration(last)} last time`;
  const startedAt = now();
  const elapsedMs = () => now().since(startedAt).total("milliseconds");
  let reportedMs = 0;
  report(title);
  const path = await work((detail) => {
    if (elapsedMs() - reportedMs < reportEveryMs) return;
    reportedMs = elapsedMs();
    report(`${title}: ${detail}`);
  });
  await rememberDuration(cacheDir, what, elapsedMs());
  return path;
}
