import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError } from "../../core/errors.ts";
import { openingKeyOf } from "../../seal/keyring.ts";
import { secretDocument } from "../../seal/unseal.ts";
import { jobOf } from "../backup/job.ts";
import { runBackups } from "../backup/run.ts";
import { type ClusterKey, clusterKeys } from "./cluster_keys.ts";
import { writeKeyNote } from "./key_record.ts";
import {
  detailsOf,
  type KeyBackupDetails,
  keyRecipients,
  keysSuffix,
  type KeyStoreRequest,
  openKeyStore,
} from "./key_store.ts";
import { openSealingTarget, type SealingTarget } from "./target.ts";

/** Whose keys are backed up, where to, and for whom. */
export interface BackupKeysRequest extends KeyStoreRequest {
  /** age recipients. @default the platform's */
  recipient?: readonly string[];
  /** One of the platform's jobs. @default the only one of the task */
  job?: string;
  /** For how long backups are kept, such as `last=5`. @default as the job says, else for ever */
  keep?: string;
  /** Tell what would be done, and do nothing. */
  dryRun?: boolean;
}

/**
 * Back up all keys of a controller: those with its label, whatever the label says, and the legacy one. They leave only
 * encrypted with age, are read back, and the cluster remembers the backup for `status`.
 *
 * @throws {SlipwayError} when there is no key, or one is damaged
 */
export async function backupKeys(request: BackupKeysRequest, context: Context): Promise<ExitCode> {
  await using target = await openSealingTarget(request, context);
  const { client } = target.session;
  const { namespace } = target.place;
  const job = jobOf(target.platform, "sealing-keys backup", request);
  const recipients = keyRecipients(request.recipient ?? [], target);
  const wanted = { ...request, ...job.store === undefined ? {} : { store: job.store } };
  const { store, source } = await openKeyStore(wanted, target, context);
  if (request.dryRun) {
    tellKeys(await soundKeys(target, context), "plan", { namespace, store: store.url }, context);
    return ExitCode.done;
  }
  const keysIn = ({ details }: BackupRecord) => detailsOf(details)?.keys ?? [];
  return await runBackups({
    task: "sealing-keys backup",
    job,
    store,
    recipients,
    items: [{
      source,
      label: `the sealing keys of namespace ${namespace}`,
      async take({ write, signal }) {
        const keys = await soundKeys(target, { ...context, signal });
        tellKeys(keys, "apply", { namespace, store: store.url }, context);
        await write(keysSuffix, new Blob([keyList(keys, namespace)]).stream());
        return { details: { ...detailsFor(keys, namespace) } };
      },
      async onDone(record) {
        const fingerprints = keysIn(record).map(({ fingerprint }) => fingerprint);
        const { id, createdAt } = record;
        const note = { id, store: store.url, createdAt, fingerprints };
        await writeKeyNote(client, namespace, note, context);
      },
    }],
    summary: (record) => ({ keys: keysIn(record).length, recipients: recipients.length }),
  }, context);
}

/** A backup of a key that opens nothing would be found out on the worst of days. */
async function soundKeys(
  { session, place: { namespace } }: SealingTarget,
  context: Context,
): Promise<ClusterKey[]> {
  const keys = await clusterKeys(session.client, namespace, context);
  if (keys.length === 0) {
    throw new SlipwayError(`Cannot back up sealing keys: namespace ${namespace} has none`, {
      remedy:
        "name the controller's namespace with --controller-namespace, and see whether it runs",
    });
  }
  for (const key of keys) await openingKeyOf(key, `Secret ${namespace}/${key.name}`);
  return keys;
}

function tellKeys(
  keys: readonly ClusterKey[],
  phase: "plan" | "apply",
  { namespace, store }: { namespace: string; store: string },
  { emit }: Pick<Context, "emit">,
): void {
  for (const { name, certificate } of keys) {
    emit({
      type: "change",
      phase,
      action: "created",
      subject: `Secret ${namespace}/${name} in ${store}`,
      because: `fingerprint ${certificate.fingerprint}`,
    });
  }
}

function detailsFor(keys: readonly ClusterKey[], namespace: string): KeyBackupDetails {
  return {
    namespace,
    keys: keys.map(({ name, certificate, isActive }) => ({
      secret: name,
      fingerprint: certificate.fingerprint,
      notBefore: certificate.notBefore.toString(),
      active: isActive,
    })),
  };
}

/** A list that `kubectl apply -f -` takes as it is: at three at night `age` and `kubectl` are enough. */
function keyList(keys: readonly ClusterKey[], namespace: string): string {
  const items = keys.map(({ secret }) => secretDocument({ ...secret, namespace }));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 2)}\n`;
}
