import { closest } from "../core/closest.ts";
import { UsageError } from "../core/errors.ts";
import { checkPlatform } from "./check.ts";
import { type LocatedMistake, type Mistake, type Path, PlatformInvalid } from "./mistake.ts";
import { isMap, mergePatch } from "./overlay.ts";
import { checkShape } from "./shape.ts";
import { readQuickly } from "./quick_read.ts";
import { platformName } from "./schema/platform_name.ts";
import { readSource, type Source } from "./source.ts";
import type { Platform } from "./types.ts";
import { doubleKeys, fillIn, fillText, type Variables, variablesOf } from "./variables.ts";

/** What the text of a platform file is, and what is wanted of it. */
export interface LoadOptions {
  /** Name of the file, for messages. */
  file: string;
  /** The environment that is wanted. @default the only one */
  environment?: string;
}

/**
 * The platform that a file describes for one environment. The overlays of all environments are checked, not
 * only the wanted one's: a mistake should be found before the day it matters.
 *
 * @throws {PlatformInvalid} with all mistakes of the file
 * @throws {UsageError} when the file has no such environment
 *
 * @example
 * ```ts
 * const platform = loadPlatform(text, { file: "platform.yaml", environment: "production" });
 * ```
 */
export function loadPlatform(text: string, { file, environment }: LoadOptions): Platform {
  return pick(loadEnvironments(text, { file }), environment, file);
}

/**
 * The platforms that a file describes, by environment.
 *
 * @throws {PlatformInvalid} with all mistakes of the file
 */
export function loadEnvironments(
  text: string,
  { file }: Pick<LoadOptions, "file">,
): Map<string, Platform> {
  // Only a mistake needs to know where things stand.
  const whole = lazy(() => readWhole(text, file));
  const value = readQuickly(text) ?? whole().value;
  const outer = checkOutside(value);
  if (outer.length > 0) {
    throw new PlatformInvalid(outer.map((mistake) => locate(mistake, whole(), file)));
  }
  const { environments, ...base } = value as { environments: Record<string, unknown> };

  const platforms = new Map<string, Platform>();
  const mistakes = new Map<string, LocatedMistake>();
  for (const [name, overlay] of Object.entries(environments)) {
    const merged = mergePatch(base, overlay ?? {});
    const variables = variablesOf(merged, name, base);
    const shape = checkShape(fillIn(withDomain(merged, variables), variables));
    const found = [...doubleKeys(merged, variables), ...shape.mistakes];
    if (shape.platform !== undefined) {
      const platform = { ...shape.platform, environment: name };
      found.push(...checkPlatform(platform));
      platforms.set(name, platform);
    }
    for (const mistake of found) {
      const at = locate(mistake, whole(), file, variables);
      // The same mistake of the base comes with each environment.
      mistakes.set(`${at.line}:${at.column}:${at.message}`, at);
    }
  }
  if (mistakes.size > 0) {
    throw new PlatformInvalid(
      [...mistakes.values()].sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }
  return platforms;
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function readWhole(text: string, file: string): Source {
  const source = readSource(text);
  if (source.mistakes.length === 0) return source;
  throw new PlatformInvalid(
    source.mistakes.map(({ message, offset }) => ({
      ...source.position(offset),
      file,
      path: [],
      message,
    })),
  );
}

/** A domain that was filled in already must not be so again. */
function withDomain(merged: unknown, { domain }: Variables): unknown {
  return isMap(merged) && typeof merged["domain"] === "string" ? { ...merged, domain } : merged;
}

function pick(
  platforms: ReadonlyMap<string, Platform>,
  environment: string | undefined,
  file: string,
): Platform {
  const names = [...platforms.keys()];
  const wanted = environment ?? (names.length === 1 ? names[0]! : undefined);
  if (wanted === undefined) {
    throw new UsageError(
      `Cannot choose an environment of ${file}: it has ${names.join(", ")}, and none was named`,
      { remedy: `name one with --env, such as --env ${names[0]}` },
    );
  }
  const platform = platforms.get(wanted);
  if (platform !== undefined) return platform;
  const guess = closest(wanted, names);
  throw new UsageError(
    `Cannot load environment "${wanted}" of ${file}: it has ${names.join(", ")}`,
    {
      remedy: `name one of them with --env${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    },
  );
}

/** What must be right before overlays can be merged. */
function checkOutside(value: unknown): Mistake[] {
  if (!isMap(value)) {
    return [{ path: [], message: "no map, expected keys such as name, domain and environments" }];
  }
  const { environments } = value;
  const path = ["environments"];
  if (environments === undefined) {
    return [{
      path,
      message: "missing, expected a map with at least one environment, such as production: {}",
    }];
  }
  if (!isMap(environments) || Object.keys(environments).length === 0) {
    return [{
      path,
      message: "expected a map with at least one environment, such as production: {}",
    }];
  }
  return Object.entries(environments).flatMap(([name, overlay]) => {
    const mistakes: Mistake[] = [];
    if (!platformName.test(name)) {
      mistakes.push({
        path: [...path, name],
        message:
          `"${name}", expected a name of at most 30 lower-case letters, digits and hyphens that begins with a letter`,
        atKey: true,
      });
    }
    if (overlay !== null && !isMap(overlay)) {
      mistakes.push({
        path: [...path, name],
        message: "expected a map that is merged over the rest of the file",
      });
    }
    for (const key of ["name", "environments"]) {
      if (isMap(overlay) && key in overlay) {
        mistakes.push({
          path: [...path, name, key],
          message: "expected only outside of environments: it is the same in each of them",
          atKey: true,
        });
      }
    }
    return mistakes;
  });
}

/** Give a mistake its place: in the overlay when that is what set the value, otherwise in the base. */
function locate(
  mistake: Mistake,
  source: Source,
  file: string,
  variables?: Variables,
): LocatedMistake {
  const read = (key: string) => variables === undefined ? key : fillText(key, variables);
  const options = { atKey: mistake.atKey, read };
  const inBase = source.find(mistake.path, options);
  let path: Path = mistake.path;
  let offset = inBase.offset;
  if (variables !== undefined) {
    const prefix = ["environments", variables.environment];
    const inOverlay = source.find([...prefix, ...mistake.path], options);
    const depth = inOverlay.depth - prefix.length;
    const whole = depth === mistake.path.length;
    if (depth > 0 && (whole || inOverlay.blocked || depth > inBase.depth)) {
      path = [...prefix, ...mistake.path];
      offset = inOverlay.offset;
    }
  }
  return { ...mistake, path, file, ...source.position(offset) };
}
