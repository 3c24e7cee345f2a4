import { fileURLToPath } from "node:url";
import { loadEnvironments } from "../../lib/platform/load.ts";
import type { Platform } from "../../lib/platform/types.ts";

const folder = fileURLToPath(new URL("../../manifests/platforms/", import.meta.url));

/** All platforms of this repository in each environment, by file and environment. */
export async function allPlatforms(): Promise<[name: string, platform: Platform][]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const files = await Promise.all(names.map(async (name) => {
    const file = `${name}/platform.yaml`;
    const platforms = loadEnvironments(await Deno.readTextFile(folder + file), { file });
    return [...platforms].map(([environment, platform]): [string, Platform] => [
      `${name} for ${environment}`,
      platform,
    ]);
  }));
  return files.flat();
}
