import type { Context } from "../../core/context.ts";
import type { Manifest } from "../../core/object.ts";
import { parseQuantity } from "../../core/units.ts";
import { setInYaml } from "../../core/yaml_edit.ts";
import { loadPlatform } from "../../platform/load.ts";
import { readPlatformFile } from "../render/render.ts";
import { writeFile } from "../seal/output.ts";
import type { ClaimName } from "./claims.ts";
import type { ClaimTemplate } from "./stateful_set.ts";

/** Whose size a platform file says. */
export type Sized = ClaimName | ClaimTemplate;

/** What became of a platform file. */
export type SizeWritten = "written" | "unchanged" | "not-found";

/**
 * Write a size into a platform file, where it says that of a claim or of a template of claims. A place is the right one
 * when what is rendered with it has the new size there, so nothing is guessed.
 */
export async function writeSize(
  { platform, env, dryRun }: { platform: string; env?: string; dryRun?: boolean },
  sized: Sized,
  size: string,
  context: Context,
): Promise<SizeWritten> {
  const { file, text } = await readPlatformFile(platform, context);
  const { parse } = await import("yaml");
  const { renderLoaded } = await import("../../../manifests/components/render.ts");
  const sizeIn = (changed: string) => {
    const loaded = loadPlatform(changed, {
      file,
      ...env === undefined ? {} : { environment: env },
    });
    return renderedSize(renderLoaded(loaded), sized);
  };
  const has = sizeIn(text);
  if (has === undefined) return "not-found";
  if (parseQuantity(has) === parseQuantity(size)) return "unchanged";
  const owner = "template" in sized ? sized.set.name : sized.name;
  for (const path of pathsOf(parse(text), has, owner)) {
    const changed = setInYaml(text, [{ path, value: size }]);
    if (sizeIn(changed) !== size) continue;
    await writeFile(file, changed, dryRun ? { dryRun: true } : {}, context);
    return "written";
  }
  return "not-found";
}

/**
 * Paths of all texts of this value: those through the owner's name first, since they are mostly right, and of these the
 * environments' first, which are laid over the others.
 */
function pathsOf(document: unknown, value: string, owner: string): string[][] {
  const found: string[][] = [];
  const walk = (at: unknown, path: string[]) => {
    if (at === value) found.push(path);
    if (typeof at !== "object" || at === null || Array.isArray(at)) return;
    for (const [key, inner] of Object.entries(at)) walk(inner, [...path, key]);
  };
  walk(document, []);
  const rank = (path: string[]) =>
    (path.includes(owner) ? 0 : 2) + (path[0] === "environments" ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

function renderedSize(manifests: readonly Manifest[], sized: Sized): string | undefined {
  if ("template" in sized) {
    const { set, template } = sized;
    const found = manifests.find(({ kind, metadata }) =>
      kind === set.kind && metadata.namespace === set.namespace && metadata.name === set.name
    );
    const spec = found?.["spec"] as { volumeClaimTemplates?: Claim[] } | undefined;
    return requested(
      spec?.volumeClaimTemplates?.find(({ metadata }) => metadata.name === template),
    );
  }
  const found = manifests.find(({ kind, metadata }) =>
    kind === "PersistentVolumeClaim" && metadata.namespace === sized.namespace &&
    metadata.name === sized.name
  );
  return requested(found as unknown as Claim | undefined);
}

interface Claim {
  metadata: { name: string };
  spec?: { resources?: { requests?: { storage?: string } } };
}

function requested(claim: Claim | undefined): string | undefined {
  return claim?.spec?.resources?.requests?.storage;
}
