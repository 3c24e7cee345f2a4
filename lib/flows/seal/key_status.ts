import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { controllerPlace } from "../../platform/sealing.ts";
import type { Platform } from "../../platform/types.ts";
import { newestKey } from "../../seal/keyring.ts";
import { type ClusterKey, clusterKeys } from "./cluster_keys.ts";
import { type KeyBackupNote, readKeyNote } from "./key_record.ts";

/** How the backup of a controller's keys stands. */
export interface KeyBackupState {
  /** `current` when it has all keys, `stale` when one is missing, `none` without a backup. */
  state: "current" | "stale" | "none";
  /** Why. */
  because: string;
  /** All keys, the newest first. */
  keys: readonly ClusterKey[];
  /** The last backup that the cluster remembers. */
  note: KeyBackupNote | undefined;
}

/** How the backup of a controller's keys stands, by what the cluster remembers of it; undefined where there is no key. */
export async function keyBackupState(
  client: ClusterClient,
  controllerNamespace: string,
  context: Pick<Context, "signal" | "redactor">,
): Promise<KeyBackupState | undefined> {
  const keys = await clusterKeys(client, controllerNamespace, context);
  if (keys.length === 0) return undefined;
  const note = await readKeyNote(client, controllerNamespace, context);
  return { ...verdict(keys, note), keys, note };
}

/**
 * Tell how the backup of the keys stands that open a platform's sealed values; false when it has to be made.
 * Without sealed values, or on a cluster without keys, there is nothing to tell.
 */
export async function tellKeyBackup(
  platform: Pick<Platform, "charts" | "applications" | "sealedSecrets">,
  client: ClusterClient,
  context: Pick<Context, "signal" | "redactor" | "emit">,
): Promise<boolean> {
  if (Object.keys(platform.sealedSecrets).length === 0) return true;
  const { namespace } = controllerPlace(platform);
  let found: KeyBackupState | undefined;
  try {
    found = await keyBackupState(client, namespace, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    context.emit({
      type: "note",
      level: "info",
      message: `whether the sealing keys are backed up is unknown: ${messageOf(error)}`,
    });
    return true;
  }
  if (found === undefined || found.state === "current") return true;
  context.emit({
    type: "note",
    level: "warning",
    message: `the backup of the sealing keys in ${namespace} is ${
      found.state === "stale" ? "stale" : "missing"
    }: ${found.because}`,
    remedy:
      "make one with `deno task sealing-keys backup`: without the keys nothing opens what is sealed",
  });
  return false;
}

/** What is to be said of keys and their last backup. */
export function verdict(
  keys: readonly Pick<ClusterKey, "name" | "certificate" | "isActive">[],
  note: KeyBackupNote | undefined,
): Pick<KeyBackupState, "state" | "because"> {
  if (note === undefined) {
    return { state: "none", because: `none of ${keys.length} keys was ever backed up` };
  }
  const missing = keys.filter(({ certificate }) =>
    !note.fingerprints.includes(certificate.fingerprint)
  );
  const [first] = missing;
  if (first === undefined) {
    return {
      state: "current",
      because: `the backup of ${note.createdAt} has all ${keys.length} keys`,
    };
  }
  const isNewest = newestKey(keys)?.name === first.name;
  return {
    state: "stale",
    because: `the backup of ${note.createdAt} lacks ${
      isNewest ? "the newest key" : "a key"
    }, ${first.name} of ${first.certificate.notBefore}`,
  };
}
