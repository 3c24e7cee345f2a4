import { loadEnvironments } from "./load.ts";
import { isMap, mergePatch } from "./overlay.ts";
import { readSource } from "./source.ts";
import type { Platform, SealedSecret } from "./types.ts";
import { fillText, type Variables, variablesOf } from "./variables.ts";

/** A sealed secret of a platform file, as one of its environments has it. */
export interface PlacedSecret {
  /** The environment. */
  environment: string;
  /** The platform there. */
  platform: Platform;
  /** Name of the Secret. */
  name: string;
  /** What is said of it. */
  secret: SealedSecret;
  /**
   * Keys that lead to the map of a sealed value in the file, which has `sealed` and `sealedWith`: in the environment's
   * overlay or outside of it; undefined where the file has no such value.
   */
  placeOf(key: string): readonly string[] | undefined;
  /**
   * Keys that lead to the map where new values of this environment go: outside of overlays where there is but one
   * environment, for values are for one cluster.
   */
  newPlace: readonly string[];
}

/**
 * All sealed secrets that a platform file has in all of its environments, with where their values stand in it.
 *
 * @throws {PlatformInvalid} with all mistakes of the file
 */
export function placedSecrets(text: string, { file }: { file: string }): PlacedSecret[] {
  const platforms = loadEnvironments(text, { file });
  const { environments, ...base } = readSource(text).value as {
    environments: Record<string, unknown>;
  };
  return [...platforms].flatMap(([environment, platform]) => {
    const overlay = environments[environment] ?? {};
    const variables = variablesOf(mergePatch(base, overlay), environment, base);
    const places = [
      { map: overlay, path: ["environments", environment] },
      { map: base, path: [] },
    ];
    return Object.entries(platform.sealedSecrets).map(([name, secret]): PlacedSecret => {
      const found = places.flatMap(({ map, path }) => {
        const entry = entryOf(map, name, variables);
        return entry === undefined
          ? []
          : [{ ...entry, path: [...path, "sealedSecrets", entry.key] }];
      });
      const inOverlay = found.find(({ path }) => path[0] === "environments")?.path ??
        ["environments", environment, "sealedSecrets", found[0]!.key];
      return {
        environment,
        platform,
        name,
        secret,
        placeOf: (key) =>
          found.find(({ value }) => isMap(value["sealed"]) && key in value["sealed"])?.path,
        newPlace: platforms.size === 1 ? found.at(-1)!.path : inOverlay,
      };
    });
  });
}

/** The entry of a section whose key is a name once variables are filled in. */
function entryOf(
  map: unknown,
  name: string,
  variables: Variables,
): { key: string; value: Record<string, unknown> } | undefined {
  const section = isMap(map) ? map["sealedSecrets"] : undefined;
  if (!isMap(section)) return undefined;
  for (const [key, value] of Object.entries(section)) {
    if (fillText(key, variables) === name && isMap(value)) return { key, value };
  }
  return undefined;
}
