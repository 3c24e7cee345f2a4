import { fileURLToPath } from "node:url";
import type { Context } from "../../core/context.ts";
import { localFolders } from "../../local/paths.ts";
import { controlPlanePrograms } from "../../local/programs/control_plane.ts";
import { obtainPrograms } from "../../local/programs/obtain.ts";
import { liveTestPrograms, testPrograms } from "../../local/programs/operators.ts";
import { peerPrograms } from "../../local/programs/peers.ts";
import { hostPlatform, type Program } from "../../local/programs/program.ts";
import { programNamed } from "../../local/programs/programs.ts";

/**
 * Path of one program, such as `vault` or `sealed-secrets-controller`: from the cache, or got and kept there.
 *
 * @throws {SlipwayError} when none of this name is pinned, or it is not to be had
 */
export async function programPath(name: string, context: Context): Promise<string> {
  return (await programPaths([programNamed(name)], context))[name]!;
}

/** Paths of several programs by name, got like {@linkcode programPath}. */
function programPaths(
  programs: readonly Program[],
  context: Context,
): Promise<Record<string, string>> {
  return obtainPrograms(programs, {
    ...context,
    cacheDir: localFolders(context.env).cacheDir,
    modulesDir: fileURLToPath(new URL("../../local/modules", import.meta.url)),
    platform: hostPlatform(),
  });
}

/** Paths of the programs of the embedded cluster's control plane. */
export function controlPlanePaths(context: Context): Promise<Record<string, string>> {
  return programPaths(controlPlanePrograms, context);
}

/** Get what tests need beside the control plane; `live` asks for the systems of the live tests too. */
export async function getTestPrograms(
  context: Context,
  { live }: { live: boolean },
): Promise<void> {
  const programs = [...controlPlanePrograms, ...testPrograms];
  await programPaths(live ? [...programs, ...liveTestPrograms] : programs, context);
}

/** Paths of kubectl, helm and kustomize, with which benchmarks compare; got like the programs of the cluster. */
export function peerPaths(context: Context): Promise<Record<string, string>> {
  return programPaths(peerPrograms, context);
}
