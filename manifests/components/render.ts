import { UsageError } from "../../lib/core/errors.ts";
import {
  fieldManager,
  inventoryId,
  inventoryLabel,
  managedByLabel,
  partOfLabel,
} from "../../lib/core/labels.ts";
import { keyOf, type Manifest, refOf, subjectOf } from "../../lib/core/object.ts";
import { checkPlatform } from "../../lib/platform/check.ts";
import { pathText } from "../../lib/platform/mistake.ts";
import type { Platform } from "../../lib/platform/types.ts";
import { backups } from "./backup.ts";
import { certificate, issuer } from "./certificate.ts";
import { externalService } from "./external_service.ts";
import { application } from "./gitops.ts";
import { namespace } from "./namespace.ts";
import { networkPolicies } from "./policy.ts";
import { routes } from "./route.ts";
import { externalSecret, secretStore } from "./secret.ts";
import { storageClass, volume } from "./storage.ts";
import { vault } from "./vault.ts";
import { workload } from "./workload.ts";

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
  const manifests = [
    ...each(platform.namespaces, namespace),
    ...each(platform.storageClasses, storageClass),
    ...each(
      platform.issuers,
      (name, options) => issuer(name, options, platform.ingress?.className ?? ""),
    ),
    ...each(platform.secretStores, secretStore),
    ...each(platform.externalSecrets, externalSecret),
    ...each(platform.externalServices, externalService),
    ...each(platform.volumes, volume),
    ...each(platform.vaults, vault),
    ...each(platform.workloads, workload),
    ...each(platform.certificates, certificate),
    ...routes(platform),
    ...networkPolicies(platform),
    ...(platform.backups === undefined ? [] : backups(platform.backups)),
    ...each(platform.applications, application),
  ];
  refuseDuplicates(manifests, platform);
  return manifests.map((manifest) => labelled(manifest, platform)).sort(byPlace);
}

function each<T>(
  section: Readonly<Record<string, T>>,
  build: (name: string, options: T) => Manifest[],
): Manifest[] {
  return Object.entries(section).flatMap(([name, options]) => build(name, options));
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
