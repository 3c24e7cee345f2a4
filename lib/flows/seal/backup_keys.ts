import { backupId, fileName, recordSuffix } from "../../backup/names.ts";
import { type BackupRecord, writeRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { elapsedMs } from "../../core/steps.ts";
import { openingKeyOf } from "../../seal/keyring.ts";
import { secretDocument } from "../../seal/unseal.ts";
import { writeObject } from "../backup/objects.ts";
import { tool } from "../backup/tool.ts";
import { type ClusterKey, clusterKeys } from "./cluster_keys.ts";
import { writeKeyNote } from "./key_record.ts";
import {
  type KeyBackupDetails,
  keyFolder,
  keyRecipients,
  keysSuffix,
  type KeyStoreRequest,
  openKeyStore,
} from "./key_store.ts";
import { openSealingTarget } from "./target.ts";

/** Whose keys are backed up, where to, and for whom. */
export interface BackupKeysRequest extends KeyStoreRequest {
  /** age recipients. @default the platform's */
  recipient?: readonly string[];
  /** Tell what would be done, and do nothing. */
  dryRun?: boolean;
}

/** Unfinished writes older than this are nobody's any more. */
const abandonedAfter = { hours: 24 };

/**
 * Back up all keys of a controller: those with its label, whatever the label says, and the legacy one. They leave only
 * encrypted with age, are read back, and the cluster remembers the backup for `status`.
 *
 * @throws {SlipwayError} when there is no key, or one is damaged
 */
export async function backupKeys(request: BackupKeysRequest, context: Context): Promise<void> {
  const startedAt = context.now();
  await using target = await openSealingTarget(request, context);
  const { client } = target.session;
  const { namespace } = target.place;
  const recipients = keyRecipients(request.recipient ?? [], target);
  const place = await openKeyStore(request, target, context);
  const { store, source } = place;
  const keys = await clusterKeys(client, namespace, context);
  if (keys.length === 0) {
    throw new SlipwayError(`Cannot back up sealing keys: namespace ${namespace} has none`, {
      remedy:
        "name the controller's namespace with --controller-namespace, and see whether it runs",
    });
  }
  // A backup of a key that opens nothing would be found out on the worst of days.
  for (const key of keys) await openingKeyOf(key, `Secret ${namespace}/${key.name}`);
  const fingerprints = keys.map(({ certificate }) => certificate.fingerprint);
  for (const { name, certificate } of keys) {
    context.emit({
      type: "change",
      phase: request.dryRun ? "plan" : "apply",
      action: "created",
      subject: `Secret ${namespace}/${name} in ${store.url}`,
      because: `fingerprint ${certificate.fingerprint}`,
    });
  }
  if (request.dryRun) return;

  const id = backupId(startedAt, context.random);
  await store.sweep(keyFolder(place), startedAt.subtract(abandonedAfter), context);
  const object = await writeObject(store, {
    source,
    id,
    suffix: keysSuffix,
    plain: new Blob([keyList(keys, namespace)]).stream(),
    recipients,
  }, context);
  const details: KeyBackupDetails = {
    namespace,
    keys: keys.map(({ name, certificate, isActive }) => ({
      secret: name,
      fingerprint: certificate.fingerprint,
      notBefore: certificate.notBefore.toString(),
      active: isActive,
    })),
  };
  const createdAt = startedAt.round({ smallestUnit: "millisecond" }).toString();
  const record: BackupRecord = {
    format: 1,
    ...source,
    id,
    createdAt,
    durationMs: elapsedMs(startedAt, context),
    tool,
    objects: [object],
    recipients,
    details: { ...details },
  };
  await store.put(
    fileName(source, { id, suffix: recordSuffix }),
    new TextEncoder().encode(writeRecord(record)),
    { ifAbsent: true, signal: context.signal },
  );
  await writeKeyNote(client, namespace, { id, store: store.url, createdAt, fingerprints }, context);
  context.emit({
    type: "summary",
    backup: id,
    store: store.url,
    scope: source.scope,
    keys: keys.length,
    recipients: recipients.length,
    durationMs: elapsedMs(startedAt, context),
  });
}

/** A list that `kubectl apply -f -` takes as it is: at three at night `age` and `kubectl` are enough. */
function keyList(keys: readonly ClusterKey[], namespace: string): string {
  const items = keys.map(({ secret }) => secretDocument({ ...secret, namespace }));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 2)}\n`;
}
