import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { diagnose } from "../../kube/diagnose/diagnose.ts";
import { SlipwayError } from "../../core/errors.ts";
import { externalSecretReady, targetSecretOf } from "../../kube/ready/external_secret.ts";
import { textAt } from "../../kube/ready/fields.ts";
import { waiting } from "../../kube/ready/verdict.ts";
import { waitUntil } from "../../kube/wait/until.ts";
import type { ValueReader } from "./source.ts";

/** How long External Secrets may take to read a source, in milliseconds. */
const syncTimeoutMs = 60_000;

/** Manager of the annotation that asks for a sync. */
const syncManager = "slipway-sync";

/** Any change of an annotation has External Secrets read at once. Source: External Secrets, FAQ, "Can I manually trigger a secret refresh?" */
const syncAnnotation = "force-sync";

/** The parts of a context that waits need. */
export type Waiting = Pick<Context, "now" | "signal">;

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
  const synced = textAt(before, "status", "syncedResourceVersion");
  const annotations = { [syncAnnotation]: String(now().epochMilliseconds) };
  await client.patch(ref, { metadata: { annotations } }, { signal, fieldManager: syncManager });
  const options = { now, signal, timeoutMs: syncTimeoutMs };
  const remedy = "see whether External Secrets runs, and what the object's events say";
  let last: KubeObject | undefined;
  try {
    await waitUntil(client, ref, (object) => {
      if (object === undefined) return waiting("does not exist");
      last = object;
      // It names a digest of the annotations that were there when it was written.
      return textAt(object, "status", "syncedResourceVersion") === synced
        ? waiting("External Secrets has not read its source again")
        : externalSecretReady(object, {});
    }, { ...options, purpose: `the sync of ${reader.namespace}/${reader.name}`, remedy });
  } catch (error) {
    const cause = last === undefined || signal.aborted
      ? undefined
      : (await diagnose(client, last, { signal }))[0];
    if (cause === undefined) throw error;
    throw new SlipwayError(
      `Cannot sync the ExternalSecret ${reader.namespace}/${reader.name}: ${cause.because}`,
      { remedy: cause.remedy ?? remedy, cause: error },
    );
  }
  const name = targetSecretOf(before);
  const secret = { apiVersion: "v1", kind: "Secret", namespace: reader.namespace, name };
  return await waitUntil(
    client,
    secret,
    (object) =>
      object !== undefined && holds(object)
        ? { state: "ready", because: "written" }
        : waiting(object === undefined ? "does not exist" : "still holds another value"),
    { ...options, purpose: `the Secret ${reader.namespace}/${name}`, remedy },
  );
}
