import { groupOf, type KubeObject, refOf } from "../../core/object.ts";
import { type Cause, rankCauses } from "./cause.ts";
import { claimCause } from "./claim.ts";
import { millisOf, warningsAbout } from "./events.ts";
import { externalSecretsCause, isOfExternalSecrets } from "./external_secrets.ts";
import { causeOf, type DiagnosisRules } from "./pod.ts";
import { usesClaim } from "../ready/claim.ts";
import { conditionOf, listAt, textAt } from "../ready/fields.ts";

/** What stands beside an object in its namespace. */
export interface Family {
  /** Pods of the namespace. */
  pods: readonly KubeObject[];
  /** ReplicaSets of the namespace. */
  replicaSets: readonly KubeObject[];
  /** Events of the namespace; warnings are enough. */
  events: readonly KubeObject[];
  /** Claims of the namespace, as far as they are known. */
  claims?: readonly KubeObject[];
  /** All StorageClasses of the cluster; absent when nobody looked. */
  storageClasses?: readonly KubeObject[];
}

/** Whether an object of this kind stands or falls with pods, volumes or a store, so that what is beside it says why it is not ready. */
export function hasFamily(ref: { apiVersion: string; kind: string }): boolean {
  return familyKinds.has(`${groupOf(ref.apiVersion)}/${ref.kind}`) || isOfExternalSecrets(ref);
}

const familyKinds = new Set([
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "batch/Job",
  "/Pod",
  "/PersistentVolumeClaim",
]);

/** Why an object that is not ready is not, from the objects beside it; the weightiest cause first. Pure. */
export function causesOf(
  object: KubeObject,
  family: Family,
  rules: DiagnosisRules = {},
): Cause[] {
  if (!hasFamily(object)) return rankCauses(otherWarnings(object, family));
  if (isOfExternalSecrets(object)) {
    const cause = externalSecretsCause(object, family.events);
    return cause === undefined ? [] : [cause];
  }
  if (object.kind === "PersistentVolumeClaim") {
    const cause = claimCause(object, family.events, classOf(object, family));
    return cause === undefined ? [] : [cause];
  }
  if (object.kind === "Pod") return rankCauses(podCauses([object], family, rules));
  const parent = object.kind === "Deployment" ? newestReplicaSet(object, family) : object;
  const pods = parent === undefined ? [] : ownedBy(parent, family.pods);
  const causes = podCauses(pods, family, rules).map((cause) => inContext(cause, object, pods));
  return rankCauses([...creationCauses(object, parent, pods, family), ...causes]);
}

function podCauses(
  pods: readonly KubeObject[],
  family: Family,
  rules: DiagnosisRules,
): Cause[] {
  const claims = new Set<KubeObject>();
  const causes: Cause[] = [];
  for (const pod of pods) {
    const cause = causeOf(pod, family.events, rules);
    if (cause === undefined) continue;
    causes.push(cause);
    if (!["scheduling", "storage", "starting"].includes(cause.kind)) continue;
    for (const claim of family.claims ?? []) {
      if (usesClaim(pod, claim.metadata.name)) claims.add(claim);
    }
  }
  for (const claim of claims) {
    const cause = claimCause(claim, family.events, classOf(claim, family));
    if (cause !== undefined) causes.push(cause);
  }
  return causes;
}

/** What a pod's cause means for the workload that the pod belongs to. */
function inContext(cause: Cause, workload: KubeObject, pods: readonly KubeObject[]): Cause {
  // A Job counts failures itself, and says when it has had enough.
  if (workload.kind === "Job" && cause.kind === "crash") return { ...cause, permanent: false };
  const pod = pods.find((candidate) => candidate.metadata.name === cause.subject.name);
  const update = textAt(workload, "status", "updateRevision");
  const revision = textAt(pod, "metadata", "labels", "controller-revision-hash");
  const isOld = workload.kind === "StatefulSet" && update !== undefined &&
    revision !== undefined && revision !== update;
  if (!isOld || textAt(workload, "spec", "podManagementPolicy") === "Parallel") return cause;
  // Source: the Kubernetes documentation of StatefulSets, "Forced rollback".
  return {
    ...cause,
    because: `${cause.because} (it is of an older revision, and holds up the new one)`,
    remedy:
      `delete pod ${cause.subject.name}: a StatefulSet waits for a broken pod of an older revision`,
  };
}

function creationCauses(
  object: KubeObject,
  parent: KubeObject | undefined,
  pods: readonly KubeObject[],
  family: Family,
): Cause[] {
  const creator = parent ?? object;
  const newestPod = Math.max(...pods.map((pod) => millisOf(pod.metadata.creationTimestamp)));
  const warning = warningsAbout(creator, family.events).find((candidate) =>
    candidate.reason.startsWith("FailedCreate") || candidate.reason === "ReplicaSetCreateError"
  );
  const failure = conditionOf(object, "ReplicaFailure") ?? conditionOf(creator, "ReplicaFailure");
  const told = failure?.status === "True"
    ? { message: failure.message || failure.reason, at: warning?.at ?? failure.at }
    // A pod that was made later shows that the refusal is over.
    : warning !== undefined && !(newestPod > millisOf(warning.at))
    ? warning
    : undefined;
  if (told === undefined) return [];
  const message = told.message.replace(preamble, "").replace(/\.$/, "");
  return [{
    subject: refOf(creator),
    kind: "creation",
    because: `pods cannot be created: ${message}`,
    permanent: isRefusal(message),
    ...(told.at === undefined ? {} : { at: told.at }),
    remedy: remedyFor(message),
  }];
}

// What recorders and controllers put before the API server's own words.
const preamble =
  /^(\(combined from similar events\): )?(Error creating: |create Pod \S+ in StatefulSet \S+ failed error: )?/i;

// A webhook that does not answer is likely to come up; a rule that refuses is not likely to change.
function isRefusal(message: string): boolean {
  return !/failed calling webhook|being terminated|timeout|timed out|connection refused/i
    .test(message) &&
    /is forbidden|is invalid|exceeded quota|denied the request|not found/i.test(message);
}

function remedyFor(message: string): string {
  if (message.includes("violates PodSecurity")) {
    return "set what the policy asks for in the pod's securityContext, or relax the namespace's pod-security.kubernetes.io/enforce label";
  }
  if (message.includes("exceeded quota")) return "raise the ResourceQuota, or lower the requests";
  if (/serviceaccount "[^"]*" not found/.test(message)) {
    return "create the ServiceAccount that the pods name";
  }
  return "change the pods as the message says, or the rule that refuses them";
}

function newestReplicaSet(deployment: KubeObject, family: Family): KubeObject | undefined {
  const revision = (object: KubeObject) =>
    Number(textAt(object, "metadata", "annotations", "deployment.kubernetes.io/revision") ?? 0);
  return ownedBy(deployment, family.replicaSets)
    .toSorted((a, b) => revision(b) - revision(a))[0];
}

function ownedBy(owner: KubeObject, objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter((object) =>
    listAt(object, "metadata", "ownerReferences").some((reference) =>
      textAt(reference, "uid") === owner.metadata.uid && owner.metadata.uid !== undefined
    )
  );
}

function classOf(claim: KubeObject, family: Family): KubeObject | null | undefined {
  const name = textAt(claim, "spec", "storageClassName");
  if (name === undefined || family.storageClasses === undefined) return undefined;
  return family.storageClasses.find((candidate) => candidate.metadata.name === name) ?? null;
}

function otherWarnings(object: KubeObject, family: Family): Cause[] {
  const warning = warningsAbout(object, family.events)[0];
  if (warning === undefined) return [];
  return [{
    subject: refOf(object),
    kind: "other",
    because: `${warning.reason}: ${warning.message}`,
    permanent: false,
    ...(warning.at === undefined ? {} : { at: warning.at }),
  }];
}
