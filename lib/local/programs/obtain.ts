import { mapConcurrently } from "../../core/concurrency.ts";
import { step } from "../../core/steps.ts";
import { cachedPath } from "./cached_program.ts";
import { exists } from "../files.ts";
import { createSources, type ObtainOptions, type Sources } from "./program_sources.ts";
import type { Program } from "./program.ts";

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

  return await step(options, "Get the programs", async (progress) => {
    let rest = missing;
    const had = (program: Program, path: string | undefined) => {
      if (path === undefined) return;
      paths[program.name] = path;
      rest = rest.filter((each) => each !== program);
    };
    const sources = createSources(options, (detail) => {
      progress(detail, missing.length - rest.length, missing.length);
    });
    for (const source of [sources.lookOnPath, sources.fetch]) {
      await mapConcurrently(rest, downloadsAtOnce, async (program) => {
        had(program, await source(program));
      });
    }
    // Go uses all cores for one build, so two at once would gain nothing; downloads use none of them.
    const built = new AbortController();
    const ahead = prepareAll(
      rest.slice(1),
      sources,
      AbortSignal.any([options.signal, built.signal]),
    );
    try {
      for (const program of rest) had(program, await sources.build(program));
    } finally {
      built.abort();
      await ahead;
    }
    return paths;
  });
}

async function prepareAll(
  programs: readonly Program[],
  { prepare }: Sources,
  signal: AbortSignal,
): Promise<void> {
  for (const program of programs) {
    if (signal.aborted) return;
    await prepare(program, signal);
  }
}
