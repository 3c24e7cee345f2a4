import { fileURLToPath } from "node:url";
import { loadEnvironments } from "../../../lib/platform/load.ts";
import type { Platform } from "../../../lib/platform/types.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const watchedFile = `${root}tests/manifests/monitoring/watched.yaml`;

/** The platform of tests that has everything there is to watch with. */
export async function watchedPlatform(): Promise<Platform> {
  const [watched] = await platformsOf(watchedFile);
  return watched![1];
}

/** That platform, and all of this repository that have a monitoring, by file and environment. */
export async function watchedPlatforms(): Promise<[name: string, platform: Platform][]> {
  const folders = await Array.fromAsync(Deno.readDir(`${root}manifests/platforms`));
  const files = folders.map(({ name }) => `${root}manifests/platforms/${name}/platform.yaml`);
  const all = await Promise.all([watchedFile, ...files.sort()].map(platformsOf));
  return all.flat().filter(([, { monitoring }]) => monitoring !== undefined);
}

async function platformsOf(path: string): Promise<[string, Platform][]> {
  const file = path.slice(root.length);
  const platforms = loadEnvironments(await Deno.readTextFile(path), { file });
  return [...platforms].map(([environment, platform]) => [`${file} for ${environment}`, platform]);
}
