import type { Missing } from "./missing.ts";
import { startableCondition } from "./names.ts";
import type { Condition, Container, ContainerStatus, Pod, PodStatus } from "./pod.ts";

/** What the node knows besides the pod. */
export interface Placement {
  /** Address of the node. */
  hostIP: string;
  /** Address of the pod, once it has one. */
  podIP?: string;
  /** RFC 3339 time now. */
  now: string;
}

/**
 * The status that a kubelet gives a pod which it has accepted and not started. A pod of
 * which nothing is missing is startable; any other says what it waits for.
 */
export function waitingStatus(
  pod: Pod,
  missing: readonly Missing[],
  { hostIP, podIP, now }: Placement,
): PodStatus {
  const before = pod.status ?? {};
  const startable = missing.length === 0;
  const { containers, initContainers = [] } = pod.spec;
  const names = (of: readonly Container[]) => of.map((container) => container.name).join(" ");
  const unready = {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${names(containers)}]`,
  };
  const initialized = initContainers.length === 0 ? { status: "True" } : {
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${names(initContainers)}]`,
  };
  const conditions: Condition[] = [
    { type: startableCondition, status: startable ? "True" : "False" },
    { type: "Initialized", ...initialized },
    { type: "Ready", ...unready },
    { type: "ContainersReady", ...unready },
  ];
  return {
    phase: "Pending",
    ...(pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: pod.metadata.generation }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: before["startTime"] ?? now,
    conditions: merged(before.conditions ?? [], conditions, now),
    ...(initContainers.length === 0
      ? {}
      : { initContainerStatuses: waiting(initContainers, missing, "PodInitializing") }),
    containerStatuses: waiting(
      containers,
      missing,
      initContainers.length === 0 ? "ContainerCreating" : "PodInitializing",
    ),
  };
}

/** Whether two statuses say the same but for their times. */
export function saysTheSame(before: PodStatus | undefined, after: PodStatus): boolean {
  const essence = (status: PodStatus | undefined) =>
    JSON.stringify([
      status?.phase,
      status?.podIP,
      (status?.conditions ?? []).map(({ type, status, reason, message }) =>
        [type, status, reason ?? "", message ?? ""].join("\n")
      ).sort(),
      [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
        ({ name, state }) => [name, state?.waiting?.reason, state?.waiting?.message],
      ),
    ]);
  return essence(before) === essence(after);
}

/** Other conditions are kept; one whose status stays the same keeps its time. */
function merged(before: readonly Condition[], ours: readonly Condition[], now: string) {
  const others = before.filter((old) => !ours.some(({ type }) => type === old.type));
  return [
    ...others,
    ...ours.map((condition) => {
      const old = before.find(({ type }) => type === condition.type);
      const since = old?.status === condition.status ? old.lastTransitionTime : undefined;
      return { lastProbeTime: null, lastTransitionTime: since ?? now, ...condition };
    }),
  ];
}

function waiting(
  containers: readonly Container[],
  missing: readonly Missing[],
  reasonOtherwise: string,
): ContainerStatus[] {
  return containers.map((container) => {
    const image = container.image ?? "";
    return {
      name: container.name,
      image,
      imageID: "",
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: waitingFor(container, missing) ?? { reason: reasonOtherwise } },
    };
  });
}

/** A kubelet mounts, then pulls, then makes the configuration: the first that fails is what shows. */
function waitingFor(container: Container, missing: readonly Missing[]) {
  if (missing.some(({ reason }) => blocksAll.has(reason))) return undefined;
  const pull = missing.find(({ reason }) => reason === "ImagePullBackOff");
  if (pull !== undefined) {
    return {
      reason: pull.reason,
      message: `Back-off pulling image "${container.image}": ErrImagePull: ${pull.message}`,
    };
  }
  const own = missing.find((each) => each.container === container.name);
  return own === undefined ? undefined : { reason: own.reason, message: own.message };
}

const blocksAll: ReadonlySet<Missing["reason"]> = new Set([
  "FailedAttachVolume",
  "FailedMount",
  "Held",
]);
