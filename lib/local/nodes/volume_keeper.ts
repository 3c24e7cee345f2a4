import type { ClusterClient } from "../../core/cluster.ts";
import { refOf } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import type { RecordEvent } from "./event_recorder.ts";
import type { Mirror } from "./mirror.ts";
import type { View } from "./gate_views.ts";
import type { SecretPlace } from "./class_secrets.ts";
import { claimVerdict, isReclaimable } from "./provision.ts";
import type { Claim, Node, PersistentVolume, StorageClass } from "./storage.ts";

/** What the keeper of volumes works with. */
export interface KeeperOptions {
  /** Writes volumes and the status of claims. */
  client: ClusterClient;
  /** The volumes there are; those it makes are added at once. */
  volumes: Pick<Mirror<PersistentVolume>, "put" | "values">;
  /** The simulated nodes. */
  nodes: View<Node>;
  /** Classes of volumes. */
  classes: View<StorageClass>;
  /** Keys of each Secret. */
  secrets: View<ReadonlySet<string>>;
  /** Writes events. */
  record: RecordEvent;
}

/** Do for a claim what the provisioner of its class would do. */
export async function tendClaim(claim: Claim, options: KeeperOptions): Promise<void> {
  const { client, volumes, nodes, classes, secrets, record } = options;
  const verdict = claimVerdict(claim, {
    storageClass: (name) => classes.get(undefined, name),
    nodes: [...nodes.values()],
    volumes: [...volumes.values()],
    hasSecret: ({ namespace, name }) => secrets.get(namespace, name) !== undefined,
  });
  switch (verdict.action) {
    case "none":
      return;
    case "refuse":
      // A claim may be told of before the Secret that was made ahead of it, whose watch brings another call.
      if (verdict.secret !== undefined && await exists(verdict.secret, client)) return;
      return await record(claim, {
        type: "Warning",
        reason: verdict.reason,
        message: verdict.message,
        component: classes.get(undefined, claim.spec.storageClassName ?? "")?.provisioner ?? "",
      });
    case "provision":
      try {
        volumes.put(await client.create(verdict.volume));
      } catch (error) {
        if (!hasReason(error, "AlreadyExists")) throw error;
      }
      return;
    case "expand": {
      const capacity = { storage: verdict.size };
      volumes.put(await client.patch(refOf(verdict.volume), { spec: { capacity } }));
      const { uid } = claim.metadata;
      await client.patch(refOf(claim), { metadata: { uid }, status: { capacity } }, {
        subresource: "status",
      });
    }
  }
}

async function exists(place: SecretPlace, client: ClusterClient): Promise<boolean> {
  return await client.get({ apiVersion: "v1", kind: "Secret", ...place }) !== undefined;
}

/** Delete a volume whose claim is gone and whose policy is Delete. */
export async function tendVolume(
  volume: PersistentVolume,
  { client }: Pick<KeeperOptions, "client">,
): Promise<void> {
  if (!isReclaimable(volume)) return;
  const { uid } = volume.metadata;
  await client.delete(refOf(volume), uid === undefined ? {} : { uid });
}
