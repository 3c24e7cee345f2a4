import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { fieldManager, managedByLabel, systemNamespace } from "../../core/labels.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { ensureSystemNamespace } from "../../kube/inventory.ts";

/** What a cluster remembers of the last backup of a controller's keys. It holds no secret. */
export interface KeyBackupNote {
  /** Id of the backup. */
  id: string;
  /** Where it is. */
  store: string;
  /** When it began, as RFC 3339 in UTC. */
  createdAt: string;
  /** Fingerprints of the keys that it holds. */
  fingerprints: string[];
}

/**
 * The ConfigMap in which a cluster remembers the last backup of the keys of the controller in a namespace, so that
 * `status` needs no store. Its key `backup` holds a {@linkcode KeyBackupNote} in JSON.
 */
function keyNoteRef(controllerNamespace: string): ObjectRef {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: systemNamespace,
    name: `sealing-keys-backup.${controllerNamespace}`,
  };
}

/** The note of the last backup; undefined when there is none, or it cannot be understood. */
export async function readKeyNote(
  client: ClusterClient,
  controllerNamespace: string,
  { signal }: Pick<Context, "signal">,
): Promise<KeyBackupNote | undefined> {
  const stored = await client.get<KubeObject & { data?: Record<string, string> }>(
    keyNoteRef(controllerNamespace),
    { signal },
  );
  try {
    const note = JSON.parse(stored?.data?.["backup"] ?? "") as Partial<KeyBackupNote>;
    const { id, store, createdAt, fingerprints } = note;
    return typeof id === "string" && typeof store === "string" && typeof createdAt === "string" &&
        Array.isArray(fingerprints)
      ? { id, store, createdAt, fingerprints: fingerprints.map(String) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Have the cluster remember a backup. */
export async function writeKeyNote(
  client: ClusterClient,
  controllerNamespace: string,
  note: KeyBackupNote,
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  await ensureSystemNamespace(client, { signal });
  const { apiVersion, kind, name, namespace } = keyNoteRef(controllerNamespace);
  await client.apply({
    apiVersion,
    kind,
    metadata: { name, namespace: namespace!, labels: { [managedByLabel]: fieldManager } },
    data: { backup: JSON.stringify(note) },
  }, { signal, force: true });
}
