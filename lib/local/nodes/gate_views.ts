import type { ClusterClient } from "../../core/cluster.ts";
import type { Mirror } from "./mirror.ts";
import { type ClaimState, type Lookup, missing } from "./missing.ts";
import { startableCondition } from "./names.ts";
import type { Need, SourceKind } from "./needs.ts";
import { claimsOf, hasEnded, isTrue, type Pod } from "./pod.ts";
import { type Source, takeKeys } from "./sources.ts";
import type { Claim, Node } from "./storage.ts";

/** Read access to a mirror. */
export type View<V> = Pick<Mirror<V>, "get" | "values">;

/** What the gate looks at. */
export interface GateViews {
  /** The simulated nodes. */
  nodes: View<Node>;
  /** Pods that are bound to a node; what the gate writes is put there at once. */
  pods: View<Pod> & Pick<Mirror<Pod>, "put">;
  /** Keys of each Secret. */
  secrets: View<ReadonlySet<string>>;
  /** Keys of each ConfigMap. */
  configMaps: View<ReadonlySet<string>>;
  /** Claims. */
  claims: View<Claim>;
}

/** Looks up in the views what a pod needs. */
export function lookupFor(pod: Pod, views: GateViews): Lookup {
  const namespace = pod.metadata.namespace ?? "default";
  return {
    namespace,
    keys: (kind, name) =>
      (kind === "Secret" ? views.secrets : views.configMaps).get(namespace, name),
    claim: (name) => claimState(pod, name, views),
  };
}

/**
 * Whether something that the views lack is there all the same: each kind has a watch of its
 * own, and a pod may be told of before the Secret that was made ahead of it.
 */
export async function viewsAreBehind(
  needs: readonly Need[],
  lookup: Lookup,
  client: ClusterClient,
): Promise<boolean> {
  for (const need of needs) {
    const source = sourceOf(need);
    if (source === undefined || missing([need], lookup).length === 0) continue;
    const { namespace } = lookup;
    const found = await client.get<Source>({ apiVersion: "v1", ...source, namespace });
    if (found === undefined) continue;
    const keys = takeKeys(found);
    if (missing([need], { ...lookup, keys: () => keys }).length === 0) return true;
  }
  return false;
}

function sourceOf(need: Need): { kind: SourceKind; name: string } | undefined {
  switch (need.type) {
    case "environment":
    case "mount":
      return { kind: need.source, name: need.name };
    case "pull secret":
      return { kind: "Secret", name: need.name };
    default:
      return undefined;
  }
}

function claimState(pod: Pod, name: string, views: GateViews): ClaimState | undefined {
  const claim = views.claims.get(pod.metadata.namespace, name);
  if (claim === undefined) return undefined;
  const exclusive = !claim.spec.accessModes?.some((mode) => mode.endsWith("Many"));
  const volume = claim.spec.volumeName;
  return {
    bound: claim.status?.phase === "Bound",
    ...(volume === undefined ? {} : { volume }),
    heldBy: exclusive ? podsElsewhere(pod, name, views.pods) : [],
  };
}

/** Pods on other nodes that mount the claim and have started, and so hold its volume attached there. */
function podsElsewhere(pod: Pod, claim: string, pods: View<Pod>): string[] {
  return [...pods.values()].filter((other) =>
    other.metadata.namespace === pod.metadata.namespace &&
    other.spec.nodeName !== pod.spec.nodeName && !hasEnded(other) &&
    isTrue(other.status?.conditions, startableCondition) &&
    claimsOf(other).some((each) => each.claim === claim)
  ).map((other) => other.metadata.name).sort();
}
