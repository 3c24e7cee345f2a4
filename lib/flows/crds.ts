import type { Context } from "../core/context.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Manifest } from "../core/object.ts";
import { goModuleFolder } from "../crds/go_module.ts";
import { obtainDefinitions } from "../crds/obtain.ts";
import { parsePins, pinsUsedBy } from "../crds/pins.ts";
import { localFolders } from "../local/paths.ts";

const pinsFile = new URL("../../manifests/crds.yaml", import.meta.url);

/** Longest that one file may take, in milliseconds. */
const fileTimeoutMs = 15_000;

/**
 * The CustomResourceDefinitions of the systems whose API groups some manifests use, from the releases that this
 * project pins.
 *
 * @throws {SlipwayError} when they are neither kept nor to be had, or are not what is pinned
 */
export async function crdManifests(
  manifests: readonly Manifest[],
  { env, signal }: Pick<Context, "env" | "signal">,
): Promise<Manifest[]> {
  const { cacheDir } = localFolders(env);
  const pins = pinsUsedBy(manifests, parsePins(await Deno.readTextFile(pinsFile)));
  const definitions = await Promise.all(pins.map((pin) =>
    obtainDefinitions(pin, {
      cacheDir,
      mirror: env("SLIPWAY_MIRROR") || undefined,
      fetchBytes: (url) => fetchBytes(url, signal),
      moduleFolder: (module, version) => goModuleFolder(module, version, signal),
    })
  ));
  return definitions.flat();
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(fileTimeoutMs)]),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new SlipwayError(`Cannot fetch ${url}: HTTP ${response.status}`);
  }
  return await response.bytes();
}
