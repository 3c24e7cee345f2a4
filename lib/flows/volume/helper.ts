import { createHash } from "node:crypto";
import type { ClusterClient, PodContainer } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import { managedByLabel } from "../../core/labels.ts";
import { type KubeObject, type Manifest, refOf, subjectOf } from "../../core/object.ts";
import { conditionOf, listAt, oneLine, textAt, wordsOf } from "../../kube/ready/fields.ts";
import { podReady } from "../../kube/ready/pod.ts";
import { type Verdict, waiting } from "../../kube/ready/verdict.ts";
import { waitUntil } from "../../kube/wait/until.ts";
import { waitUntilGone } from "../../kube/wait/wait.ts";
import type { VolumeClaim } from "./claims.ts";
import { type Identity, identityIn, podsUsing, type VolumePod } from "./users.ts";

/** Where a helper has the volume. */
export const helperFolder = "/mnt";

/** Label of helpers, with a short hash of the claim, which may be longer than a label. */
const helperLabel = "slipway.dev/volume-helper";

/** How long a helper lives when nobody removes it, in seconds. */
const deadlineSeconds = 12 * 3600;
/** How long a helper may take until it runs, in milliseconds. */
const startTimeoutMs = 5 * 60_000;

/** How a helper is to be. */
export interface HelperOptions {
  /** Image with GNU tar, find and sleep. */
  image: string;
  /** Whether it may write. @default false */
  writes?: boolean;
  /** A pod that has, or had, the claim, and whose identity owns its files. */
  like?: VolumePod | undefined;
  /** Identity, where that pod says none. */
  runAs: { user: number; group: number };
}

/**
 * Do `work` with a pod that has a claim's files in {@linkcode helperFolder}. What a killed run has left is removed
 * first, and the pod is removed at the end; if nobody is left to do that, it ends by itself.
 *
 * @throws {SlipwayError} when it does not come up, or only one pod may have the claim, and one has
 */
export async function withHelper<T>(
  client: ClusterClient,
  claim: VolumeClaim,
  options: HelperOptions,
  context: Context,
  work: (pod: PodContainer) => Promise<T>,
): Promise<T> {
  const { signal } = context;
  const { namespace, name } = claim.metadata as { namespace: string; name: string };
  await removeHelpers(client, { namespace, name }, context);
  const users = await podsUsing(client, { namespace, name }, signal);
  const running = users.find(({ spec }) => spec.nodeName !== undefined);
  if (running !== undefined && claim.spec.accessModes?.includes("ReadWriteOncePod")) {
    throw new SlipwayError(
      `Cannot read ${namespace}/${name} beside Pod ${running.metadata.name}: only one pod may have it`,
      { remedy: "name a pod that has it and whose image has tar with --pod, or stop that pod" },
    );
  }
  const pod = helperPod(claim, running, { like: running, ...options });
  const created = await client.create(pod, { signal });
  const target = { namespace, name: created.metadata.name, container: "tar" };
  const ref = refOf(created);
  try {
    await waitUntil(client, ref, helperReady, {
      ...context,
      timeoutMs: startTimeoutMs,
      purpose: `${subjectOf(ref)}, which reads and writes ${namespace}/${name}`,
      remedy: "see that its image can be pulled, and that a node with the volume has room",
    });
    return await work(target);
  } finally {
    // An interrupted run cleans up too.
    await client.delete(ref, { uid: created.metadata.uid }).catch((error) =>
      context.emit({
        type: "note",
        level: "warning",
        message: `${subjectOf(ref)} could not be removed: ${messageOf(error)}`,
        remedy: "the next run removes it, and else it ends by itself within 12 hours",
      })
    );
  }
}

/** Only the pod itself is looked at: a job has no rights to more. */
function helperReady(pod: KubeObject | undefined): Verdict {
  if (pod === undefined) return waiting("it is not there");
  const verdict = podReady(pod);
  if (verdict.state !== "waiting") return verdict;
  const [container] = listAt(pod, "status", "containerStatuses");
  const reason = textAt(container, "state", "waiting", "reason");
  if (reason !== undefined) {
    const message = oneLine(textAt(container, "state", "waiting", "message") ?? "");
    return waiting(wordsOf({ reason, message }));
  }
  const scheduled = conditionOf(pod, "PodScheduled");
  return scheduled?.status === "False" ? waiting(wordsOf(scheduled)) : verdict;
}

/** Remove helpers of a claim that a killed run has left. */
async function removeHelpers(
  client: ClusterClient,
  { namespace, name }: { namespace: string; name: string },
  context: Context,
): Promise<void> {
  const { items } = await client.list({
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    labelSelector: `${helperLabel}=${hashOf(name)}`,
  }, { signal: context.signal });
  const refs = items.map(refOf);
  for (const ref of refs) {
    const message = `${subjectOf(ref)} is removed: a run that was killed has left it`;
    context.emit({ type: "note", level: "info", message });
    await client.delete(ref, { signal: context.signal });
  }
  if (refs.length > 0) {
    await waitUntilGone(client, refs, { ...context, timeoutMs: startTimeoutMs });
  }
}

/** The pod: beside those that have the claim, under their identity, and as little trusted as Kubernetes' own standard asks. */
function helperPod(
  { metadata: { namespace, name } }: VolumeClaim,
  beside: VolumePod | undefined,
  { image, writes = false, like, runAs }: HelperOptions,
): Manifest {
  const identity: Identity = like === undefined ? {} : identityIn(like, name);
  const { runAsUser = runAs.user, runAsGroup = runAs.group } = identity;
  // Nobody's volume is given to whoever is to write it first.
  const fsGroup = identity.fsGroup ?? (writes && like === undefined ? runAsGroup : undefined);
  if (runAsUser === 0) {
    throw new UsageError(`Cannot read ${namespace}/${name} as root, as its pods do`, {
      remedy: "name a pod that has it and whose image has tar with --pod",
    });
  }
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      name: `slipway-volume-${hashOf(name)}`,
      labels: { [managedByLabel]: "slipway", [helperLabel]: hashOf(name) },
      annotations: { "slipway.dev/claim": name },
    },
    spec: {
      restartPolicy: "Never",
      activeDeadlineSeconds: deadlineSeconds,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...beside?.spec.nodeName === undefined ? {} : { affinity: onNode(beside.spec.nodeName) },
      ...like?.spec.tolerations === undefined ? {} : { tolerations: like.spec.tolerations },
      securityContext: {
        runAsNonRoot: true,
        runAsUser,
        runAsGroup,
        // Giving many files to the group anew would take long, and is not needed where they are its own.
        ...fsGroup === undefined ? {} : { fsGroup, fsGroupChangePolicy: "OnRootMismatch" },
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [{
        name: "tar",
        image,
        command: ["sleep", String(deadlineSeconds)],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "1", memory: "256Mi" },
        },
        volumeMounts: [{
          name: "files",
          mountPath: helperFolder,
          ...writes ? {} : { readOnly: true },
        }],
      }],
      volumes: [{
        name: "files",
        persistentVolumeClaim: { claimName: name },
      }],
    },
  };
}

/** The scheduler still looks whether there is room on that node. */
function onNode(name: string): unknown {
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] };
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}

function hashOf(claim: string): string {
  return createHash("sha256").update(claim).digest("hex").slice(0, 10);
}
