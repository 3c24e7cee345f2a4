import type { Need, SourceKind } from "./needs.ts";

/** How a claim stands, as seen from one pod. */
export interface ClaimState {
  /** Whether it is bound to a volume. Between `volume` and `bound` lies a moment of the controller manager's. */
  bound: boolean;
  /** Name of the bound volume. */
  volume?: string;
  /** Pods on other nodes to which the volume is attached exclusively. */
  heldBy: readonly string[];
}

/** Looks up what pods of one namespace may need. */
export interface Lookup {
  /** Namespace of the pod. */
  namespace: string;
  /** Keys of a Secret or ConfigMap, or undefined when there is none of that name. */
  keys(kind: SourceKind, name: string): ReadonlySet<string> | undefined;
  /** A claim, or undefined when there is none of that name. */
  claim(name: string): ClaimState | undefined;
}

/** Why a pod cannot start. The reasons are a kubelet's own. */
export interface Missing {
  /**
   * `CreateContainerConfigError` and `ImagePullBackOff` are reasons of a waiting container;
   * `FailedMount` and `FailedAttachVolume` are reasons of events, and all containers wait
   * in `ContainerCreating`. `Held` says nothing and waits there as well.
   */
  reason:
    | "CreateContainerConfigError"
    | "FailedAttachVolume"
    | "FailedMount"
    | "Held"
    | "ImagePullBackOff";
  /** The message a kubelet gives. */
  message: string;
  /** The container it is about; all of them when absent. */
  container?: string;
}

/** Keys of which a pull secret must have one. Source: core/v1 DockerConfigJsonKey and DockerConfigKey. */
const registryKeys = [".dockerconfigjson", ".dockercfg"];

/** What of a pod's needs is not there. A pod of which nothing is missing may start. */
export function missing(needs: readonly Need[], lookup: Lookup): Missing[] {
  return needs.flatMap((need) => missingOf(need, lookup) ?? []);
}

function missingOf(need: Need, lookup: Lookup): Missing | undefined {
  switch (need.type) {
    case "environment":
      return missingKey(need, lookup);
    case "mount":
      return missingMount(need, lookup);
    case "claim":
      return missingClaim(need, lookup);
    case "pull secret": {
      const keys = lookup.keys("Secret", need.name);
      if (keys !== undefined && registryKeys.some((key) => keys.has(key))) return undefined;
      const fault = keys === undefined
        ? "not found"
        : `has neither ${registryKeys.join(" nor ")}, so it is no registry credential`;
      return { reason: "ImagePullBackOff", message: `pull secret "${need.name}" ${fault}` };
    }
    case "user":
      return {
        reason: "CreateContainerConfigError",
        message: need.runAsUser === 0
          ? `container's runAsUser breaks non-root policy (container: ${need.container})`
          : "container has runAsNonRoot and no numeric runAsUser, cannot verify user is non-root " +
            `without the image, which a simulated node does not have (container: ${need.container})`,
        container: need.container,
      };
    case "image":
      return { reason: "ImagePullBackOff", message: "simulated by annotation" };
    case "release":
      return { reason: "Held", message: "simulated by annotation" };
  }
}

function missingKey(
  need: Need & { type: "environment" },
  lookup: Lookup,
): Missing | undefined {
  const { source, name, key, container } = need;
  const keys = lookup.keys(source, name);
  if (keys !== undefined && (key === undefined || keys.has(key))) return undefined;
  const message = keys === undefined
    ? notFound(source, name)
    : `couldn't find key ${key} in ${source} ${lookup.namespace}/${name}`;
  return { reason: "CreateContainerConfigError", message, container };
}

function missingMount(need: Need & { type: "mount" }, lookup: Lookup): Missing | undefined {
  const { source, name, volume } = need;
  const keys = lookup.keys(source, name);
  const absent = keys === undefined ? undefined : need.keys.find((key) => !keys.has(key));
  if (keys !== undefined && absent === undefined) return undefined;
  const cause = keys === undefined
    ? notFound(source, name)
    : source === "Secret"
    ? `references non-existent secret key: ${absent}`
    : `configmap references non-existent config key: ${absent}`;
  return {
    reason: "FailedMount",
    message: `MountVolume.SetUp failed for volume "${volume}" : ${cause}`,
  };
}

function missingClaim(need: Need & { type: "claim" }, lookup: Lookup): Missing | undefined {
  const claim = lookup.claim(need.name);
  const cannotMount = (cause: string): Missing => ({
    reason: "FailedMount",
    message: `Unable to attach or mount volumes: unmounted volumes=[${need.volume}]: ` +
      `error processing PVC ${lookup.namespace}/${need.name}: ${cause}`,
  });
  if (claim === undefined) return cannotMount(`persistentvolumeclaim "${need.name}" not found`);
  if (!claim.bound) {
    return claim.volume === undefined
      ? cannotMount("PVC is not bound")
      : { reason: "Held", message: `PVC ${need.name} is being bound` };
  }
  if (claim.heldBy.length === 0) return undefined;
  return {
    reason: "FailedAttachVolume",
    message: `Multi-Attach error for volume "${claim.volume}" ` +
      `Volume is already used by pod(s) ${claim.heldBy.join(", ")}`,
  };
}

function notFound(source: SourceKind, name: string): string {
  return `${source.toLowerCase()} "${name}" not found`;
}
