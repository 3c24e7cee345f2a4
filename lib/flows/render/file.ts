import { filesOf } from "../../../manifests/components/edges/files.ts";
import { closest } from "../../core/closest.ts";
import { UsageError } from "../../core/errors.ts";
import type { RenderedPlatform } from "./render.ts";

/**
 * The text of one file for a host outside of the cluster, such as `haproxy/edge.cfg`.
 *
 * @throws {UsageError} when the platform has no such file
 */
export function hostFile({ platform }: Pick<RenderedPlatform, "platform">, path: string): string {
  const files = filesOf(platform);
  const text = files[path];
  if (text !== undefined) return text;
  const known = Object.keys(files).sort();
  const guess = closest(path, known);
  throw new UsageError(
    `Cannot print the file ${path}: ${platform.name} for ${platform.environment} has ${
      known.length === 0 ? "no files for hosts" : known.join(", ")
    }`,
    guess === undefined ? {} : { remedy: `did you mean ${guess}?` },
  );
}
