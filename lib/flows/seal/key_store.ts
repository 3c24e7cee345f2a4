import { checkRecipient } from "../../age/age.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { BackupListing } from "../../backup/listing.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { listBackups } from "../backup/list.ts";
import { openBackupStore } from "../backup/place.ts";
import type { SealingTarget, SealingTargetRequest } from "./target.ts";

/** Where backups of keys are, and under which name. */
export interface KeyStoreRequest extends SealingTargetRequest {
  /** URL or folder of the store, or the name of one of the platform's. @default the platform's sealing.keyBackups.store */
  store?: string;
  /** Name that the backups are kept under. @default platform and environment, or the kubeconfig's context */
  scope?: string;
}

/** A store, and what in it belongs to one controller. */
export interface KeyStore {
  /** The store. */
  store: Store;
  /** Whose keys are backed up. */
  source: BackupSource;
}

/** What records of keys say besides what all records say. */
export interface KeyBackupDetails {
  /** Namespace of the controller. */
  namespace: string;
  /** The keys, the newest first. */
  keys: { secret: string; fingerprint: string; notBefore: string; active: boolean }[];
}

/** What follows the id in the name of a backup of keys. */
export const keysSuffix = "keys.age";

/**
 * The store that the command line, or the platform, names.
 *
 * @throws {UsageError} when neither does
 */
export async function openKeyStore(
  request: KeyStoreRequest,
  { platform, place, session }: Pick<SealingTarget, "platform" | "place" | "session">,
  context: Context,
): Promise<KeyStore> {
  const wanted = request.store ?? platform?.sealing?.keyBackups?.store;
  const scope = request.scope ??
    (platform === undefined ? session.name : `${platform.name}-${platform.environment}`);
  const source = { kind: "sealing-keys", scope, name: place.namespace };
  if (platform !== undefined) {
    const store = await openBackupStore(
      { ...request, ...wanted === undefined ? {} : { store: wanted } },
      { platform, subject: "sealing keys" },
      context,
    );
    return { store, source };
  }
  if (wanted !== undefined) return { store: await openStore(wanted, context), source };
  throw new UsageError("Cannot tell where backups of sealing keys are", {
    remedy: "name a folder or s3://bucket/prefix with --store, or a platform with --platform",
  });
}

/**
 * Who can read the backups.
 *
 * @throws {UsageError} when nobody is named, or one of them is malformed
 */
export function keyRecipients(
  recipient: readonly string[],
  { platform }: Pick<SealingTarget, "platform">,
): string[] {
  const holders = platform?.sealing?.keyBackups?.holders ?? platform?.backups?.holders ?? {};
  const recipients = recipient.length > 0 ? recipient : Object.values(holders);
  for (const each of recipients) checkRecipient(each);
  if (recipients.length > 0) return [...new Set(recipients)];
  throw new UsageError(
    "Refused to back up sealing keys in the clear: nobody is named who may read them",
    {
      remedy: "name age recipients with --recipient age1…, or under sealing.keyBackups.holders",
    },
  );
}

/** All backups of a controller's keys. */
export async function listKeyBackups(
  { store, source }: KeyStore,
  context: Pick<Context, "signal">,
): Promise<BackupListing> {
  return await listBackups(store, source, context);
}

/** What a record of keys says of them; undefined when it is of something else. */
export function detailsOf(details: Record<string, unknown>): KeyBackupDetails | undefined {
  const { namespace, keys } = details as Partial<KeyBackupDetails>;
  return typeof namespace === "string" && Array.isArray(keys) ? { namespace, keys } : undefined;
}
