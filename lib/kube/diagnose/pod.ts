import { type KubeObject, refOf } from "../../core/object.ts";
import type { Cause } from "./cause.ts";
import { containerCause, logCommand } from "./container.ts";
import { type Warning, warningsAbout } from "./events.ts";
import { isBeingDeleted } from "../ready/deletion.ts";
import { conditionOf, oneLine, textAt } from "../ready/fields.ts";

/** Settings of a diagnosis. */
export interface DiagnosisRules {
  /** After how many restarts a crash loop counts as permanent. @default 3 */
  crashLoopRestarts?: number;
}

/**
 * Why a pod is not ready, from its own status and the warnings about it; undefined when it is ready or has succeeded.
 * Source of the reasons: k8s.io/kubernetes, pkg/kubelet/images and pkg/kubelet/container.
 */
export function causeOf(
  pod: KubeObject,
  events: readonly KubeObject[] = [],
  rules: DiagnosisRules = {},
): Cause | undefined {
  const subject = refOf(pod);
  const name = `pod ${subject.name}`;
  const phase = textAt(pod, "status", "phase");
  const plain = (because: string): Cause => ({
    subject,
    kind: "starting",
    because: `${name} ${because}`,
    permanent: false,
  });
  if (phase === "Succeeded") return undefined;
  if (isBeingDeleted(pod)) return plain("is being deleted");
  if (phase === "Running" && conditionOf(pod, "Ready")?.status === "True") return undefined;

  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False") {
    return scheduled.reason === "Unschedulable"
      ? unschedulable(pod, scheduled.message)
      : plain(`is not scheduled: ${scheduled.message || scheduled.reason}`);
  }
  const warnings = warningsAbout(pod, events);
  const inContainer = containerCause(pod, warnings, rules.crashLoopRestarts ?? 3);
  if (inContainer !== undefined) return inContainer;

  if (phase === "Failed") {
    const words = [textAt(pod, "status", "reason"), textAt(pod, "status", "message")]
      .filter((word) => word !== undefined).join(": ");
    return { ...plain(`failed${words === "" ? "" : `: ${oneLine(words)}`}`), kind: "other" };
  }
  const unhealthy = warnings.find(({ reason }) => reason === "Unhealthy");
  if (phase === "Running") {
    return unhealthy === undefined ? plain("runs but is not ready") : {
      ...plain(`is not ready: ${unhealthy.message}`),
      kind: "probe",
      remedy: `see why its probe fails: ${logCommand(pod)}`,
    };
  }
  return volumeCause(pod, warnings) ??
    plain(textAt(pod, "spec", "nodeName") === undefined ? "waits for a node" : "is starting");
}

function unschedulable(pod: KubeObject, message: string): Cause {
  const words = message.replace(/\s*preemption: .*$/, "")
    .replace(/[\s.,]*no new claims to deallocate,?\s*$/, "")
    .replace(/(unbound immediate PersistentVolumeClaims)\. not found/, "$1")
    .replace(/[\s.,]+$/, "");
  // An unbound claim is the claim's trouble: its provisioner may be slow, and its own cause says more.
  const awaitsClaim = /unbound immediate PersistentVolumeClaims/i.test(words);
  const lostClaim = /persistentvolumeclaim "[^"]*" (not found|is being deleted)/.test(words);
  return {
    subject: refOf(pod),
    kind: lostClaim ? "config" : "scheduling",
    because: `pod ${pod.metadata.name} cannot be scheduled: ${words || "no node takes it"}`,
    permanent: !awaitsClaim,
    remedy: lostClaim
      ? "create the claim that the pod names"
      : awaitsClaim
      ? "see why the pod's claim is not bound"
      : "add a node that fits, or lower what the pod asks for (requests, affinity, volumes)",
  };
}

function volumeCause(pod: KubeObject, warnings: readonly Warning[]): Cause | undefined {
  const warning = warnings.find(({ reason }) =>
    ["FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox"].includes(
      reason,
    )
  );
  if (warning === undefined) return undefined;
  const missing =
    /(secret|configmap) "([^"]+)" not found|references non-existent (secret|config) key/
      .test(warning.message);
  return {
    subject: refOf(pod),
    kind: missing ? "config" : "storage",
    because: `pod ${pod.metadata.name} cannot start: ${warning.reason}: ${warning.message}`,
    permanent: missing,
    ...(warning.at === undefined ? {} : { at: warning.at }),
    ...(missing ? { remedy: "create what the volume names, or mend the reference" } : {}),
  };
}
