import { UsageError } from "../../lib/core/errors.ts";
import {
  fieldManager,
  inventoryId,
  inventoryLabel,
  managedByLabel,
  partOfLabel,
  sharedAnnotation,
} from "../../lib/core/labels.ts";
import { keyOf, type Manifest, refOf, subjectOf } from "../../lib/core/object.ts";
import { matchesObject } from "../../lib/core/object_pattern.ts";
import { checkPlatform } from "../../lib/platform/check.ts";
import { pathText } from "../../lib/platform/mistake.ts";
import type { Platform } from "../../lib/platform/types.ts";
import { withVaultAuthorities } from "../../lib/platform/vault_authorities.ts";
import { appObjects } from "./apps/sections.ts";
import { backupObjects } from "./backup/sections.ts";
import { dataObjects } from "./data/sections.ts";
import { edgeObjects } from "./edges/sections.ts";
import { gitopsObjects } from "./gitops/sections.ts";
import { guardObjects } from "./guard/sections.ts";
import { monitoringObjects } from "./monitoring/sections.ts";
import { secretObjects } from "./secrets/sections.ts";
import { withChecksums } from "./workload/checksum.ts";
import { workloadObjects } from "./workload/sections.ts";

/**
 * All objects of a platform, always in the same order and with the same bytes.
 *
 * @throws {UsageError} when parts of the platform cannot work together, or two of them would make one object
 *
 * @example
 * ```ts
 * const manifests = render(loadPlatform(text, { file: "platform.yaml" }));
 * ```
 */
export function render(platform: Platform): Manifest[] {
  refuseMistakes(platform);
  return renderLoaded(platform);
}

/**
 * All objects of a platform as it was loaded from a file, and so checked already.
 *
 * @throws {UsageError} when two parts of the platform would make one object
 */
export function renderLoaded(loaded: Platform): Manifest[] {
  const platform = withVaultAuthorities(loaded);
  const manifests = [
    ...guardObjects(platform),
    ...dataObjects(platform),
    ...edgeObjects(platform),
    ...secretObjects(platform),
    ...workloadObjects(platform),
    ...appObjects(platform),
    ...backupObjects(platform),
    ...monitoringObjects(platform),
    ...gitopsObjects(platform),
  ];
  refuseDuplicates(manifests, platform);
  return withChecksums(manifests).map((manifest) => labelled(manifest, platform)).sort(byPlace);
}

/** Files were checked when they were loaded; platforms that a script puts together were not. */
function refuseMistakes(platform: Platform): void {
  const mistakes = checkPlatform(platform);
  if (mistakes.length === 0) return;
  throw new UsageError(
    `Cannot render ${platform.name} for ${platform.environment}:\n` +
      mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`).join("\n"),
    { remedy: "correct the platform" },
  );
}

function refuseDuplicates(manifests: readonly Manifest[], platform: Platform): void {
  const byKey = Map.groupBy(manifests, (manifest) => keyOf(refOf(manifest)));
  const doubles = [...byKey.values()].filter(({ length }) => length > 1);
  if (doubles.length === 0) return;
  throw new UsageError(
    `Cannot render ${platform.name} for ${platform.environment}: ${
      doubles.map(([first]) => subjectOf(refOf(first!))).join(", ")
    } would be made by two parts of the platform, wanted one`,
    { remedy: "give one of the two parts another name" },
  );
}

function labelled(manifest: Manifest, platform: Platform): Manifest {
  const { metadata, ...rest } = manifest;
  const { apiVersion, kind, ...body } = rest;
  const isShared = platform.shared.some((pattern) => matchesObject(pattern, refOf(manifest)));
  return {
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        [managedByLabel]: fieldManager,
        [partOfLabel]: platform.name,
        [inventoryLabel]: inventoryId(platform),
      },
      ...(isShared ? { annotations: { ...metadata.annotations, [sharedAnnotation]: "true" } } : {}),
    },
    ...body,
  };
}

/** Cluster-wide objects first, then namespace by namespace; within these by kind and name, whatever the locale. */
function byPlace(a: Manifest, b: Manifest): number {
  return compare(placeOf(a), placeOf(b));
}

function placeOf({ apiVersion, kind, metadata }: Manifest): string[] {
  return [
    kind === "Namespace" ? "0" : metadata.namespace === undefined ? "1" : "2",
    metadata.namespace ?? "",
    kind,
    metadata.name,
    apiVersion,
  ];
}

function compare(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : a[index]! < b[index]! ? -1 : 1;
}
