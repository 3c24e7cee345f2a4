import type { ClusterClient } from "../../core/cluster.ts";
import { refOf } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import { type Addresses, clusterRange } from "./addresses.ts";
import type { RecordEvent } from "./event_recorder.ts";
import { type GateViews, lookupFor, viewsAreBehind } from "./gate_views.ts";
import { type Missing, missing } from "./missing.ts";
import { startableCondition } from "./names.ts";
import { needsOf } from "./needs.ts";
import { hasEnded, isTrue, type Pod, type PodStatus } from "./pod.ts";
import { saysTheSame, waitingStatus } from "./pod_status.ts";
import type { Node } from "./storage.ts";

/** What the gate works with. */
export interface GateOptions {
  /** Writes the status of pods. */
  client: ClusterClient;
  /** What is there. */
  views: GateViews;
  /** Gives addresses to pods. */
  addresses: Addresses;
  /** Writes events. */
  record: RecordEvent;
  /** The time now. */
  now: () => Temporal.Instant;
}

/** Whether a pod waits for the node agent. */
export function isWaiting(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !hasEnded(pod) &&
    pod.status?.phase !== "Running" && !isTrue(pod.status?.conditions, startableCondition);
}

/**
 * Look after one pod: release it when all that it needs is there, else say what is missing.
 * Writes once for each change of what there is to say.
 */
export async function tendPod(pod: Pod, options: GateOptions): Promise<void> {
  const { client, views, addresses, record, now } = options;
  const node = views.nodes.get(undefined, pod.spec.nodeName ?? "");
  if (node === undefined || !isWaiting(pod)) return;
  const needs = needsOf(pod);
  const lookup = lookupFor(pod, views);
  const faults = missing(needs, lookup);
  const hostIP = addressOf(node);
  const status = waitingStatus(pod, faults, {
    hostIP,
    now: now().round("second").toString(),
    ...(faults.length > 0 ? {} : { podIP: podAddress(pod, node, hostIP, addresses) }),
  });
  if (!saysTheSame(pod.status, status)) {
    if (await viewsAreBehind(needs, lookup, client)) return;
    if (!await writeStatus(pod, status, options)) return;
  }
  for (const fault of faults) await recordFault(pod, fault, record);
}

/** False when the pod has changed or gone meanwhile: the watch tells of that, and brings another call. */
async function writeStatus(
  pod: Pod,
  status: PodStatus,
  { client, views }: GateOptions,
): Promise<boolean> {
  const { uid, resourceVersion, namespace, name } = pod.metadata;
  try {
    const answer = await client.patch<Pod>(
      refOf(pod),
      { metadata: { uid, resourceVersion }, status },
      { subresource: "status", fieldManager: "kubelet" },
    );
    if (views.pods.get(namespace, name) !== undefined) views.pods.put(answer);
    return true;
  } catch (error) {
    if (hasReason(error, "Conflict", "NotFound")) return false;
    throw error;
  }
}

async function recordFault(pod: Pod, fault: Missing, record: RecordEvent): Promise<void> {
  if (fault.reason === "Held") return;
  const occurrence = {
    CreateContainerConfigError: { reason: "Failed", message: `Error: ${fault.message}` },
    ImagePullBackOff: { reason: "Failed", message: `Failed to pull image: ${fault.message}` },
    FailedMount: { reason: "FailedMount", message: fault.message },
    FailedAttachVolume: { reason: "FailedAttachVolume", message: fault.message },
  }[fault.reason];
  const component = fault.reason === "FailedAttachVolume" ? "attachdetach-controller" : "kubelet";
  const host = pod.spec.nodeName;
  await record(pod, {
    type: "Warning",
    ...occurrence,
    component,
    ...(host === undefined ? {} : { host }),
  });
}

function podAddress(pod: Pod, node: Node, hostIP: string, addresses: Addresses): string {
  if (pod.spec.hostNetwork === true) return hostIP;
  return addresses.assign(pod.metadata.uid ?? "", node.spec?.podCIDR ?? clusterRange);
}

function addressOf(node: Node): string {
  const addresses = node.status?.addresses ?? [];
  return addresses.find(({ type }) => type === "InternalIP")?.address ?? "0.0.0.0";
}
