import { SlipwayError } from "../../core/errors.ts";
import { controlPlanePrograms } from "./control_plane.ts";
import { liveTestPrograms, testPrograms } from "./operators.ts";
import { peerPrograms } from "./peers.ts";
import type { Program } from "./program.ts";

/** All programs that slipway runs or compares with, each pinned to one version. */
export const allPrograms: readonly Program[] = [
  ...controlPlanePrograms,
  ...peerPrograms,
  ...testPrograms,
  ...liveTestPrograms,
];

/**
 * The program of this name.
 *
 * @throws {SlipwayError} when none is pinned under it
 */
export function programNamed(name: string): Program {
  const program = allPrograms.find((each) => each.name === name);
  if (program !== undefined) return program;
  throw new SlipwayError(`Cannot get ${name}: no program of this name is pinned`, {
    remedy: `name one of ${allPrograms.map((each) => each.name).join(", ")}`,
  });
}
