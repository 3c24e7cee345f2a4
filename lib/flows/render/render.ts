import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { closest } from "../../core/closest.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { Manifest } from "../../core/object.ts";
import type { Platform } from "../../platform/types.ts";

/** Which platform is meant. */
export interface RenderRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform: string;
  /** Environment whose overlay is laid over the platform; its only one when absent. */
  env?: string;
}

/** A platform with all of its objects. */
export interface RenderedPlatform {
  /** What the file says. */
  platform: Platform;
  /** Its objects, in a stable order. */
  manifests: Manifest[];
}

/** Folder of the platforms that are known by name. */
export const platformsFolder: string = fileURLToPath(
  new URL("../../../manifests/platforms", import.meta.url),
);

/**
 * Load a platform file and render all of its objects; no cluster is asked.
 *
 * @throws {UsageError} when there is no such platform or environment, or the file has mistakes
 */
export async function renderPlatform(
  { platform: wanted, env }: RenderRequest,
  { cwd }: Pick<Context, "cwd">,
): Promise<RenderedPlatform> {
  const { file, text } = await readPlatformFile(wanted, { cwd });
  const { loadPlatform } = await import("../../platform/load.ts");
  const { renderLoaded } = await import("../../../manifests/components/render.ts");
  const platform = loadPlatform(text, { file, environment: env });
  return { platform, manifests: renderLoaded(platform) };
}

/**
 * Manifests as one YAML stream. Strings that older YAML 1.1 parsers would misread,
 * such as yes, on, 0o7 or 1_000, are quoted.
 */
export async function toYaml(manifests: readonly Manifest[]): Promise<string> {
  const { Document, visit } = await import("yaml");
  return manifests.map((manifest) => {
    const document = new Document(manifest, { compat: "yaml-1.1" });
    visit(document, {
      Scalar(_key, node) {
        // YAML 1.1 has a tag for a plain equals sign, which some of its parsers refuse.
        if (node.value === "=") node.type = "QUOTE_DOUBLE";
      },
    });
    return document.toString({ lineWidth: 0 });
  }).join("---\n");
}

/**
 * Find and read the file of a platform, which is named by its folder in manifests/platforms or by its path.
 *
 * @throws {UsageError} when there is none
 */
export async function readPlatformFile(
  wanted: string,
  { cwd }: Pick<Context, "cwd">,
): Promise<{ file: string; text: string }> {
  const file = isPath(wanted)
    ? resolve(cwd, wanted)
    : join(platformsFolder, wanted, "platform.yaml");
  return { file: shortest(file, cwd), text: await read(file, wanted) };
}

function isPath(platform: string): boolean {
  return isAbsolute(platform) || /[/\\]|\.ya?ml$/.test(platform);
}

/** Paths below the working directory are shown relative to it, as they would be typed. */
function shortest(file: string, cwd: string): string {
  return file.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
}

async function read(file: string, wanted: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) {
      throw cause;
    }
    if (isPath(wanted)) {
      throw new UsageError(`Cannot read the platform file ${file}: there is no such file`, {
        cause,
      });
    }
    const known = await platformNames();
    const guess = closest(wanted, known);
    throw new UsageError(
      `Cannot find the platform "${wanted}": manifests/platforms has ${known.join(", ")}`,
      {
        remedy: `name one of them, or a file, with --platform${
          guess === undefined ? "" : `; did you mean ${guess}?`
        }`,
        cause,
      },
    );
  }
}

/** Names of the platforms that manifests/platforms has, in order. */
export async function platformNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { isDirectory, name } of Deno.readDir(platformsFolder)) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}
