import { counted } from "../../core/units.ts";
import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { type ExitCode, UsageError } from "../../core/errors.ts";
import { runInPod } from "../../kube/exec/run_in_pod.ts";
import type { Platform } from "../../platform/types.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { openJobStore, recipientsOf, sourceOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import type { BackupItem, TakeTools } from "../backup/item.ts";
import { tellPlan } from "../backup/tell_plan.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { archiveOf, type PodFolder } from "./archive.ts";
import { type ClaimName, claimsMeant, readClaim, type VolumeClaim } from "./claims.ts";
import { readVolumeDetails, type VolumeBackupDetails, volumeKind } from "./details.ts";
import { helperFolder, withHelper } from "./helper.ts";
import { throughPod, type ThroughRequest, toolboxOf } from "./through.ts";

/** Which volumes are to be backed up, and where to. */
export interface BackupVolumeRequest extends JobRequest, TargetRequest, ThroughRequest {
  /** Claims, as `namespace/claim` or by a name in the platform's `volumes`. @default those that the job covers */
  claims: readonly string[];
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** How many names of changed files a record keeps. */
const namesKept = 20;

/** Back up the files of volumes, each as a tar archive that is read through a pod. */
export async function backupVolume(
  request: BackupVolumeRequest,
  context: Context,
): Promise<ExitCode> {
  const { signal } = context;
  const { platform, job } = await loadJob(request, "backup-volume", context);
  const recipients = recipientsOf(request, platform, { mayBePlain: true });
  await using session = await openSession(request, platform?.target, context);
  const { client } = session;
  const claims = await claimsMeant(client, request.claims, { platform, ...job }, signal);
  if (request.pod !== undefined && claims.length > 1) {
    throw new UsageError(`Cannot read ${claims.length} volumes through the pod ${request.pod}`, {
      remedy: "name one claim with --pod",
    });
  }
  const store = await openJobStore(request, {
    platform,
    job,
    subject: `volumes/${claims[0]!.name}`,
  }, context);
  const items = claims.map((claim) =>
    itemOf(claim, { client, request, platform, encrypted: recipients.length > 0 }, context)
  );
  if (request.dryRun) {
    for (const claim of claims) await readClaim(client, claim, signal);
    return tellPlan(items, { recipients, store }, context);
  }
  return await runBackups({
    task: "backup-volume",
    job,
    items,
    store,
    recipients,
    summary: (record) => {
      const { tree, changedCount } = readVolumeDetails(record);
      return { files: tree.files, fileBytes: tree.sizeBytes, changed: changedCount };
    },
  }, context);
}

/** What a volume is in stores. */
export function volumeSource(
  { namespace, name }: ClaimName,
  platform: Pick<Platform, "name" | "environment"> | undefined,
): BackupItem["source"] {
  return { ...sourceOf(platform, volumeKind, namespace), item: name };
}

interface Means {
  client: ClusterClient;
  request: ThroughRequest;
  platform: Platform | undefined;
  encrypted: boolean;
}

function itemOf(name: ClaimName, means: Means, context: Context): BackupItem {
  const { client, request, platform, encrypted } = means;
  return {
    source: volumeSource(name, platform),
    label: `volume ${name.namespace}/${name.name}`,
    async take(tools) {
      const claim = await readClaim(client, name, tools.signal);
      const here = { ...context, signal: tools.signal };
      if (request.pod !== undefined) {
        const { pod, folder } = await throughPod(client, name, request, tools.signal);
        const place = { run: runInPod(client, pod), folder };
        return { details: { ...await take(claim, pod.name, place, { encrypted, tools }, here) } };
      }
      const options = toolboxOf(request, platform);
      const details = await withHelper(client, claim, options, here, (pod) => {
        const place = { run: runInPod(client, pod), folder: helperFolder };
        return take(claim, pod.name, place, { encrypted, tools }, here);
      });
      return { details: { ...details } };
    },
  };
}

async function take(
  { metadata, spec, status }: VolumeClaim,
  pod: string,
  place: PodFolder,
  { encrypted, tools }: { encrypted: boolean; tools: TakeTools },
  { emit }: Pick<Context, "emit">,
): Promise<VolumeBackupDetails> {
  const archive = await archiveOf(place, tools.signal);
  const suffix = `tar.zst${encrypted ? ".age" : ""}`;
  await tools.write(suffix, archive.stream, { compression: "zstd" });
  const changed = archive.changed();
  if (changed.length > 0) {
    emit({
      type: "note",
      level: "warning",
      message: `${
        counted(changed.length, "file")
      } of ${metadata.namespace}/${metadata.name} changed while read: ${
        changed.slice(0, 3).join(", ")
      }`,
      remedy: "what it has of them may be of several moments; stop what writes, or take a snapshot",
    });
  }
  const { storageClassName } = spec;
  const capacity = status?.capacity?.storage;
  return {
    ...storageClassName === undefined ? {} : { storageClass: storageClassName },
    ...capacity === undefined ? {} : { capacity },
    pod,
    tree: archive.measure(),
    changed: changed.slice(0, namesKept),
    changedCount: changed.length,
  };
}
