import type { ClusterClient } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { externalSecretReady, targetSecretOf } from "../../kube/ready/external_secret.ts";
import { conditionOf, textAt } from "../../kube/ready/fields.ts";
import { ready, type Verdict, waiting } from "../../kube/ready/verdict.ts";
import { waitUntil } from "../../kube/wait/until.ts";
import type { ValueReader } from "./source.ts";
import { orTellCause, syncRemedy, type Waiting, wake, wakeStore } from "./wake.ts";

/** How long External Secrets may take to read a source, in milliseconds. */
const syncTimeoutMs = 30_000;

/** How long one that has failed is tried again, in milliseconds. */
const retryTimeoutMs = 10_000;

/** The reference of an ExternalSecret. */
export function externalSecretRef({ namespace, name }: ValueReader): ObjectRef {
  return { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", namespace, name };
}

/**
 * Have External Secrets read the source of an ExternalSecret now, and wait until its Secret is written from it.
 * Returns the Secret as it is then.
 *
 * @param holds whether the Secret has what it should have @default anything will do
 * @throws {SlipwayError} with the controller's cause when it could not, or does not run
 */
export async function syncNow(
  client: ClusterClient,
  reader: ValueReader,
  { now, signal }: Waiting,
  holds: (secret: KubeObject) => boolean = () => true,
): Promise<KubeObject> {
  const ref = externalSecretRef(reader);
  const before = await client.get(ref, { signal });
  if (before === undefined) {
    throw new SlipwayError(
      `Cannot sync the ExternalSecret ${reader.namespace}/${reader.name}: it does not exist`,
      { remedy: "apply the platform first" },
    );
  }
  await wakeStore(client, before, { now, signal });
  await wakeAndWait(client, before, reader, { now, signal });
  const name = targetSecretOf(before);
  const secret = { apiVersion: "v1", kind: "Secret", namespace: reader.namespace, name };
  return await waitUntil(
    client,
    secret,
    (object) =>
      object !== undefined && holds(object)
        ? ready("written")
        : waiting(object === undefined ? "does not exist" : "still holds another value"),
    {
      now,
      signal,
      timeoutMs: syncTimeoutMs,
      purpose: `the Secret ${reader.namespace}/${name}`,
      remedy: syncRemedy,
    },
  );
}

async function wakeAndWait(
  client: ClusterClient,
  before: KubeObject,
  reader: ValueReader,
  { now, signal }: Waiting,
): Promise<void> {
  const ref = externalSecretRef(reader);
  const synced = textAt(before, "status", "syncedResourceVersion");
  const isWell = (object: KubeObject) => conditionOf(object, "Ready")?.status === "True";
  // It names a digest of the annotations that were there when it was written.
  const isRead = (object: KubeObject) =>
    textAt(object, "status", "syncedResourceVersion") !== synced;
  const unread = waiting("External Secrets has not read its source again");
  const options = {
    now,
    signal,
    purpose: `the sync of ${reader.namespace}/${reader.name}`,
    remedy: syncRemedy,
  };
  const until = (timeoutMs: number, judge: (object: KubeObject) => Verdict) =>
    waitUntil(
      client,
      ref,
      (object) => object === undefined ? waiting("does not exist") : judge(object),
      { ...options, timeoutMs },
    );
  await wake(client, ref, { now, signal });
  await orTellCause(client, ref, { signal }, async () => {
    // One that was well and is not any more has just failed; it is given a moment, and not all of the time.
    const found = !isWell(before) ? before : await until(
      syncTimeoutMs,
      (object) => isRead(object) || !isWell(object) ? ready("has been tried") : unread,
    );
    await until(
      isWell(found) ? syncTimeoutMs : retryTimeoutMs,
      (object) => isRead(object) ? externalSecretReady(object, {}) : unread,
    );
  });
}
