import { type KubeObject, refOf } from "../../core/object.ts";
import type { Cause, CauseKind } from "./cause.ts";
import { millisOf, type Warning } from "./events.ts";
import { at, listAt, numberAt, oneLine, textAt } from "../ready/fields.ts";

const pullReasons = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "ImageInspectError",
  "SignatureValidationFailed",
  "RegistryUnavailable",
]);
const startReasons = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PreStartHookError",
  "PostStartHookError",
]);

interface ContainerStatus {
  name: string;
  /** `Init:` for init containers, as kubectl shows it. */
  prefix: string;
  status: unknown;
}

/**
 * Why a container keeps its pod from being ready: the first init container that is stuck, else the first container.
 *
 * @param crashLoopRestarts after how many restarts a crash loop counts as permanent
 */
export function containerCause(
  pod: KubeObject,
  warnings: readonly Warning[],
  crashLoopRestarts: number,
): Cause | undefined {
  const statuses = containerStatuses(pod);
  for (const container of statuses) {
    const { reason, message } = waitingState(container.status);
    if (pullReasons.has(reason)) return pullCause(pod, container, reason, message);
    if (startReasons.has(reason)) return startCause(pod, container, reason, message);
    const crash = crashCause(pod, container, reason, warnings, crashLoopRestarts);
    if (crash !== undefined) return crash;
  }
  return undefined;
}

/** The command that shows what a pod's container wrote. */
export function logCommand(pod: KubeObject, container?: string): string {
  const { namespace = "default", name } = pod.metadata;
  return `kubectl --namespace ${namespace} logs ${name}${
    container === undefined ? "" : ` --container ${container}`
  }`;
}

function containerStatuses(pod: KubeObject): ContainerStatus[] {
  const read = (field: string, prefix: string) =>
    listAt(pod, "status", field).map((status) => ({
      name: textAt(status, "name") ?? "",
      prefix,
      status,
    }));
  return [...read("initContainerStatuses", "Init:"), ...read("containerStatuses", "")];
}

function waitingState(status: unknown): { reason: string; message: string } {
  return {
    reason: textAt(status, "state", "waiting", "reason") ?? "",
    message: oneLine(textAt(status, "state", "waiting", "message") ?? "").replace(/\.$/, ""),
  };
}

function pullCause(
  pod: KubeObject,
  container: ContainerStatus,
  reason: string,
  message: string,
): Cause {
  const image = textAt(container.status, "image") ?? "its image";
  const words = message === "" ? image : message.includes(image) ? message : `${image}: ${message}`;
  return {
    ...stuck(pod, container, "image", `is ${container.prefix}${reason}`, words),
    permanent: reason !== "RegistryUnavailable",
    remedy: "check the image's name and tag, and that the pull secret may read it",
  };
}

function startCause(
  pod: KubeObject,
  container: ContainerStatus,
  reason: string,
  message: string,
): Cause {
  return {
    ...stuck(pod, container, "config", `is ${container.prefix}${reason}`, message),
    permanent: true,
    remedy: /not found|couldn't find key/.test(message)
      ? "create what the container refers to, or mend the reference"
      : "mend the container's settings as the message says",
  };
}

function crashCause(
  pod: KubeObject,
  container: ContainerStatus,
  reason: string,
  warnings: readonly Warning[],
  crashLoopRestarts: number,
): Cause | undefined {
  const ended = at(container.status, "state", "terminated") ??
    at(container.status, "lastState", "terminated");
  const restarts = numberAt(container.status, "restartCount") ?? 0;
  const exitCode = numberAt(ended, "exitCode");
  const loops = reason === "CrashLoopBackOff";
  const up = at(container.status, "ready") === true ||
    at(container.status, "state", "terminated", "exitCode") === 0;
  if (up || !loops && (exitCode === undefined || exitCode === 0)) return undefined;

  const oom = textAt(ended, "reason") === "OOMKilled";
  const probe = [137, 143].includes(exitCode ?? 0) && !oom
    ? warnings.find((warning) =>
      warning.reason === "Unhealthy" && /^(Liveness|Startup) probe/.test(warning.message)
    )
    : undefined;
  const exit = exitCode === undefined
    ? ""
    : `exit ${exitCode}${oom ? " (OOMKilled)" : ""}${
      probe === undefined ? "" : ` (${probe.message})`
    }`;
  const state = loops
    ? `is ${container.prefix}CrashLoopBackOff`
    : restarts > 0
    ? `restarted ${restarts === 1 ? "once" : `${restarts} times`}`
    : `is ${container.prefix}Error`;
  const cause = stuck(pod, container, "crash", state, exit);
  const finishedAt = textAt(ended, "finishedAt");
  const words = oneLine(textAt(ended, "message") ?? "", 200);
  const namespace = pod.metadata.namespace ?? "default";
  return {
    ...cause,
    because: words === "" ? cause.because : `${cause.because}: "${words}"`,
    permanent: loops && restarts >= crashLoopRestarts,
    ...(finishedAt === undefined || millisOf(finishedAt) === -Infinity ? {} : { at: finishedAt }),
    remedy: oom
      ? "raise the container's memory limit, or make it need less"
      : `mend what it stumbles over; its whole log: ${logCommand(pod, container.name)}${
        restarts > 0 ? " --previous" : ""
      }`,
    log: { namespace, pod: pod.metadata.name, container: container.name, before: cause.because },
  };
}

function stuck(
  pod: KubeObject,
  container: ContainerStatus,
  kind: CauseKind,
  state: string,
  words: string,
): Cause {
  const several = listAt(pod, "spec", "containers").length > 1 || container.prefix !== "";
  const parts = [
    `pod ${pod.metadata.name} ${state}`,
    ...(several ? [`container ${container.name}`] : []),
    ...(words === "" ? [] : [words]),
  ];
  return { subject: refOf(pod), kind, because: parts.join(": "), permanent: false };
}
