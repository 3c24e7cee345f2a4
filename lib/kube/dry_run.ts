import type { ClusterClient } from "../core/cluster.ts";
import { SlipwayError } from "../core/errors.ts";
import { type KubeObject, type Manifest, refOf, subjectOf } from "../core/object.ts";
import { hasReason } from "../core/status_error.ts";
import { conflictsOf, formatConflicts, isHandTool } from "./conflict.ts";
import { immutableRemedy, isImmutableField, isRecreatable } from "./immutable.ts";
import { KindNotServed } from "./client/kind_not_served.ts";
import type { RenderedKind } from "./structural.ts";

/** What a dry run found. */
export type DryRunOutcome =
  /** The server would accept it; `object` is what it would store. */
  | { kind: "accepted"; object: KubeObject; force: boolean; because?: string }
  /** The server would accept it once the live object is deleted. */
  | { kind: "recreate"; object: KubeObject; force: boolean; because: string }
  /** As far as can be known it is right, but the server cannot say yet. */
  | { kind: "unknown"; unknown: string }
  /** Other managers hold fields that would change. */
  | { kind: "conflict"; because: string; remedy: string };

/** What the same render brings along, and what is there already. */
export interface Surroundings {
  /** Kinds that the render's own definitions will serve, by `apiVersion/Kind`. */
  kinds: ReadonlyMap<string, RenderedKind>;
  /** Namespaces on the cluster. */
  liveNamespaces: ReadonlySet<string>;
  /** Namespaces in the render. */
  renderedNamespaces: ReadonlySet<string>;
}

/** A namespace that every cluster has and in which nobody deploys; it stands in for one that does not exist yet. */
const standInNamespace = "kube-node-lease";

/**
 * Ask the API server what an apply of one manifest would do.
 *
 * @throws {StatusError} when the server refuses the manifest
 * @throws {SlipwayError} when its kind or namespace is neither on the cluster nor in the render
 */
export async function dryRun(
  client: ClusterClient,
  manifest: Manifest,
  surroundings: Surroundings,
  options: { takeOver: boolean; signal?: AbortSignal },
): Promise<DryRunOutcome> {
  const type = await client.resourceType(manifest.apiVersion, manifest.kind);
  if (type === undefined) return await againstRenderedKind(client, manifest, surroundings, options);
  checkScope(manifest, type.namespaced);
  const { namespace } = manifest.metadata;
  if (namespace !== undefined && !surroundings.liveNamespaces.has(namespace)) {
    checkNamespace(manifest, surroundings);
    const moved = { ...manifest, metadata: { ...manifest.metadata, namespace: standInNamespace } };
    await client.apply(moved, { dryRun: true, force: true, signal: options.signal });
    return {
      kind: "unknown",
      unknown: `what namespace ${namespace}, which does not exist yet, admits`,
    };
  }
  return await dryRunInPlace(client, manifest, options);
}

async function dryRunInPlace(
  client: ClusterClient,
  manifest: Manifest,
  { takeOver, signal }: { takeOver: boolean; signal?: AbortSignal },
): Promise<DryRunOutcome> {
  let because: string | undefined;
  for (const force of [false, true]) {
    try {
      const object = await client.apply(manifest, { dryRun: true, force, signal });
      return { kind: "accepted", object, force, because };
    } catch (error) {
      if (isImmutableField(error)) {
        if (!isRecreatable(manifest)) {
          throw new SlipwayError(error.message, {
            remedy: immutableRemedy(refOf(manifest)),
            cause: error,
          });
        }
        return {
          kind: "recreate",
          object: manifest,
          force,
          because: "deleted and made again, since a field that cannot change must change",
        };
      }
      const conflicts = hasReason(error, "Conflict") ? conflictsOf(error) : [];
      if (conflicts.length === 0 || force) throw error;
      if (!takeOver && !conflicts.every(({ manager }) => isHandTool(manager))) {
        return {
          kind: "conflict",
          because: formatConflicts(conflicts),
          remedy:
            "stop that manager from setting these fields, drop them from the platform, or take them over with --take-over",
        };
      }
      because = `takes over: ${formatConflicts(conflicts)}`;
    }
  }
  throw new Error("a forced dry run neither returned nor threw");
}

async function againstRenderedKind(
  client: ClusterClient,
  manifest: Manifest,
  surroundings: Surroundings,
  options: { signal?: AbortSignal },
): Promise<DryRunOutcome> {
  const kind = surroundings.kinds.get(`${manifest.apiVersion}/${manifest.kind}`);
  if (kind === undefined) {
    await refuseOtherVersion(client, manifest, options);
    throw new SlipwayError(
      `Cannot apply ${
        subjectOf(refOf(manifest))
      }: neither the cluster nor the render has a definition of ${manifest.kind} in ${manifest.apiVersion}`,
      {
        remedy:
          "install the operator that brings it, or add its CustomResourceDefinition to the render",
      },
    );
  }
  checkScope(manifest, kind.namespaced);
  if (manifest.metadata.namespace !== undefined) checkNamespace(manifest, surroundings);
  const faults = kind.validate(manifest);
  if (faults.length > 0) {
    throw new SlipwayError(`Cannot apply ${subjectOf(refOf(manifest))}: ${faults.join("; ")}`, {
      remedy: "correct these fields; the definition of this kind is in the same render",
    });
  }
  return {
    kind: "unknown",
    unknown: `the rules and defaults of ${manifest.kind}, whose definition is not installed yet`,
  };
}

/** An operator that is there in another version needs an upgrade, not an installation. */
async function refuseOtherVersion(
  client: ClusterClient,
  manifest: Manifest,
  { signal }: { signal?: AbortSignal },
): Promise<void> {
  try {
    await client.get(refOf(manifest), { signal });
  } catch (error) {
    if (!(error instanceof KindNotServed) || error.otherVersions.length > 0) throw error;
  }
}

function checkNamespace(
  manifest: Manifest,
  { liveNamespaces, renderedNamespaces }: Surroundings,
): void {
  const { namespace } = manifest.metadata;
  if (
    namespace === undefined || liveNamespaces.has(namespace) || renderedNamespaces.has(namespace)
  ) return;
  throw new SlipwayError(
    `Cannot apply ${
      subjectOf(refOf(manifest))
    }: namespace ${namespace} is neither on the cluster nor in the render`,
    { remedy: `declare the namespace ${namespace} in the platform file, or create it` },
  );
}

function checkScope(manifest: Manifest, namespaced: boolean): void {
  const { namespace } = manifest.metadata;
  if (namespaced === (namespace !== undefined)) return;
  throw new SlipwayError(
    `Cannot apply ${subjectOf(refOf(manifest))}: ${manifest.kind} ${
      namespaced
        ? "lives in a namespace, and none is given"
        : `is cluster-scoped, and namespace ${namespace} is given`
    }`,
    { remedy: namespaced ? "set metadata.namespace" : "remove metadata.namespace" },
  );
}
