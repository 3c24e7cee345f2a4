import { chooseBackup, type ListedBackup } from "../../backup/listing.ts";
import { fileName } from "../../backup/names.ts";
import { verificationSuffix, writeVerification } from "../../backup/verification.ts";
import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { Interrupted, SlipwayError, UsageError } from "../../core/errors.ts";
import { elapsedMs } from "../../core/steps.ts";
import { readDocuments } from "../../seal/document.ts";
import {
  type ControllerKey,
  controllerKeyOf,
  newestKey,
  openingKeyOf,
} from "../../seal/keyring.ts";
import { secretDocument } from "../../seal/unseal.ts";
import { readObject } from "../backup/objects.ts";
import { type ClusterKey, clusterKeys } from "./cluster_keys.ts";
import { identitiesOf } from "./digest_key.ts";
import { writeKeyNote } from "./key_record.ts";
import {
  keysSuffix,
  type KeyStore,
  type KeyStoreRequest,
  listKeyBackups,
  openKeyStore,
} from "./key_store.ts";
import { lacking, planRestore, tellPlan } from "./restore_plan.ts";
import { restartController, servedFingerprint } from "./restart_controller.ts";
import { openSealingTarget, type SealingTarget } from "./target.ts";

/** Which backup is restored, and onto which cluster. */
export interface RestoreKeysRequest extends KeyStoreRequest {
  /** Id of the backup. @default latest */
  from?: string;
  /** Files with age identities. */
  identity?: readonly string[];
  /** Delete keys that the backup does not have, such as one that a new controller made for itself. @default false */
  removeOthers?: boolean;
  /** Tell what would be done, and do nothing. */
  dryRun?: boolean;
}

/**
 * Put all keys of a backup back, so that what was sealed with them opens again. Keys that are there stay as they are;
 * none are added but those of the backup. A controller that runs is restarted, for it reads its keys only then; one that
 * starts afterwards finds them, and makes none of its own.
 *
 * @throws {SlipwayError} when the backup is damaged, or another Secret has the name of one of its keys
 */
export async function restoreKeys(request: RestoreKeysRequest, context: Context): Promise<void> {
  const startedAt = context.now();
  await using target = await openSealingTarget(request, context);
  const { session: { client }, place: { namespace } } = target;
  const place = await openKeyStore(request, target, context);
  const identities = await identitiesOf(request.identity ?? [], context);
  if (identities.length === 0) {
    throw new UsageError("Cannot read a backup of sealing keys without an identity", {
      remedy: "name a file with yours with --identity",
    });
  }
  const backup = chooseBackup(
    await listKeyBackups(place, context),
    request.from ?? "latest",
    place.store.url,
  );
  const wanted = await readKeys(place, backup, identities, context);
  const live = await clusterKeys(client, namespace, context);
  const { missing, others } = planRestore(wanted, live, namespace);
  const { dryRun = false, removeOthers = false } = request;
  tellPlan({ wanted, missing, others: removeOthers ? others : [] }, { namespace, dryRun }, context);
  if (dryRun) return;
  if (removeOthers && others.length > 0) await confirmRemoval(others, target, context);

  await ensureNamespace(client, namespace, context);
  for (const { secret } of missing) {
    const manifest = secretDocument({ ...secret, namespace });
    await client.create(manifest as never, { signal: context.signal });
  }
  const removed = removeOthers ? others : [];
  for (const { name, object } of removed) {
    const { uid } = object.metadata;
    await client.delete({ apiVersion: "v1", kind: "Secret", namespace, name }, {
      signal: context.signal,
      ...(uid === undefined ? {} : { uid }),
    });
  }

  const after = await clusterKeys(client, namespace, context);
  const lost = lacking(wanted, after);
  if (lost.length > 0) {
    throw new SlipwayError(
      `The keys ${
        lost.map(({ name }) => name).join(", ")
      } are not in namespace ${namespace} after they were put there`,
      { remedy: "see who deletes Secrets there, and run this again" },
    );
  }
  const { record } = backup;
  await writeKeyNote(client, namespace, {
    id: record.id,
    store: place.store.url,
    createdAt: record.createdAt,
    fingerprints: wanted.map(({ certificate }) => certificate.fingerprint),
  }, context);
  const isServed = await serve(
    target,
    after,
    missing.length + removed.length > 0,
    request,
    context,
  );
  if (isServed) {
    await writeVerified(place, record.id, { target, startedAt, keys: wanted.length }, context);
  }
  const extra = lacking(after, wanted);
  for (const { name, certificate } of extra) {
    context.emit({
      type: "note",
      level: "warning",
      message:
        `Secret ${namespace}/${name} of ${certificate.notBefore} is a key that the backup does not have`,
      remedy:
        "back the keys up again to keep it; if nothing was sealed with it, as with the key that a new controller made before this restore, remove it with --remove-others",
    });
  }
  context.emit({
    type: "summary",
    backup: record.id,
    restored: missing.length,
    unchanged: wanted.length - missing.length,
    removed: removed.length,
    keys: after.length,
    others: extra.length,
    served: isServed,
    durationMs: elapsedMs(startedAt, context),
  });
}

async function readKeys(
  { store, source }: KeyStore,
  { record }: ListedBackup,
  identities: readonly string[],
  { signal, redactor }: Context,
): Promise<ControllerKey[]> {
  const object = record.objects.find(({ suffix }) => suffix === keysSuffix);
  if (object === undefined) {
    throw new SlipwayError(`The backup ${record.id} in ${store.url} has no keys`);
  }
  const bytes = await readObject(store, source, record, object, { identities, signal });
  const documents = readDocuments(new TextDecoder().decode(bytes), `the backup ${record.id}`);
  return await Promise.all(documents.map(async (document) => {
    const key = await controllerKeyOf(document);
    redactor.add(new TextDecoder().decode(key.secret.values.get("tls.key")));
    await openingKeyOf(key, document.place);
    return key;
  }));
}

async function confirmRemoval(
  others: readonly ClusterKey[],
  { session, place }: SealingTarget,
  context: Context,
): Promise<void> {
  const names = others.map(({ name }) => name).join(", ");
  const question =
    `Delete the keys ${names} of ${place.namespace} on ${session.name}? What was sealed with them is lost`;
  if (!session.embedded && !await context.confirm(question)) {
    throw new Interrupted("Nothing was changed: the restore was declined");
  }
}

async function ensureNamespace(
  client: ClusterClient,
  name: string,
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Namespace", name };
  if (await client.get(ref, { signal }) !== undefined) return;
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, { signal });
}

/** Have a controller that runs take the keys; false when none runs. */
async function serve(
  target: SealingTarget,
  keys: readonly ClusterKey[],
  isChanged: boolean,
  request: RestoreKeysRequest,
  context: Context,
): Promise<boolean> {
  const served = await servedFingerprint(target, request, context);
  if (served === undefined) {
    context.emit({
      type: "note",
      level: "info",
      message:
        "no controller answers: once it starts it finds these keys, and makes none of its own",
    });
    return false;
  }
  const newest = newestKey(keys)!.certificate.fingerprint;
  if (isChanged || served !== newest) await restartController(target, newest, request, context);
  return true;
}

async function writeVerified(
  { store, source }: KeyStore,
  id: string,
  { target, startedAt, keys }: { target: SealingTarget; startedAt: Temporal.Instant; keys: number },
  context: Context,
): Promise<void> {
  const text = writeVerification({
    id,
    verifiedAt: context.now().round({ smallestUnit: "millisecond" }).toString(),
    durationMs: elapsedMs(startedAt, context),
    target: target.session.name,
    proof: `${keys} keys fit their certificates, and the controller serves the newest`,
  });
  const name = fileName(source, { id, suffix: verificationSuffix });
  await store.put(name, new TextEncoder().encode(text), { signal: context.signal });
}
