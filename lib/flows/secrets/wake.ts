import type { ClusterClient } from "../../core/cluster.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { type KubeObject, type ObjectRef, refOf, subjectOf } from "../../core/object.ts";
import { isOfExternalSecrets } from "../../kube/diagnose/external_secrets.ts";
import { diagnose } from "../../kube/diagnose/diagnose.ts";
import { announcedReady } from "../../kube/ready/custom.ts";
import { conditionOf, textAt } from "../../kube/ready/fields.ts";
import { waiting } from "../../kube/ready/verdict.ts";
import { waitUntil } from "../../kube/wait/until.ts";

/** What to do about a sync that does not come. */
export const syncRemedy = "see whether External Secrets runs, and what the object's events say";

/** How long it may take to find out whether a store can be used, in milliseconds. */
const storeTimeoutMs = 20_000;

/** Manager of the annotation that asks for a sync. */
const syncManager = "slipway-sync";

/** Any change of an annotation has External Secrets read at once. Source: External Secrets, FAQ, "Can I manually trigger a secret refresh?" */
const syncAnnotation = "force-sync";

/** The parts of a context that waits need. */
export type Waiting = Pick<Context, "now" | "signal">;

/**
 * Have what failed tried again now, stores before what reads from them: External Secrets itself waits longer with each
 * failure, up to many minutes. What is well is left alone.
 */
export async function wakeFailing(
  client: ClusterClient,
  refs: readonly ObjectRef[],
  { now, signal }: Waiting,
): Promise<void> {
  const ours = refs.filter(isOfExternalSecrets);
  const objects = await mapConcurrently(ours, 8, (ref) => client.get(ref, { signal }));
  const failing = objects.filter((object) => object !== undefined)
    .filter((object) => conditionOf(object, "Ready")?.status === "False");
  const isStore = ({ kind }: KubeObject) => kind.endsWith("SecretStore");
  await mapConcurrently(failing.filter(isStore), 8, async (store) => {
    try {
      await wakeAndSee(client, refOf(store), { now, signal });
    } catch (error) {
      // What is wrong with it is told by the wait for all of them.
      if (signal.aborted || !(error instanceof SlipwayError)) throw error;
    }
  });
  const others = failing.filter((object) => !isStore(object));
  await mapConcurrently(others, 8, (object) => wake(client, refOf(object), { now, signal }));
}

/**
 * A store that could not be used is tried again after a time that grows with each failure, and what reads from it with
 * it; so it is tried now. Source: External Secrets, flag --enable-flood-gate.
 */
export async function wakeStore(
  client: ClusterClient,
  externalSecret: KubeObject,
  { now, signal }: Waiting,
): Promise<void> {
  const name = textAt(externalSecret, "spec", "secretStoreRef", "name");
  if (name === undefined) return;
  const kind = textAt(externalSecret, "spec", "secretStoreRef", "kind") ?? "SecretStore";
  const { apiVersion, metadata: { namespace } } = externalSecret;
  const ref = { apiVersion, kind, name, ...(kind === "SecretStore" ? { namespace } : {}) };
  const store = await client.get(ref, { signal });
  if (store === undefined || conditionOf(store, "Ready")?.status === "True") return;
  await wakeAndSee(client, ref, { now, signal });
}

/** Have a store tried, and wait until it can be used. */
async function wakeAndSee(
  client: ClusterClient,
  ref: ObjectRef,
  { now, signal }: Waiting,
): Promise<void> {
  await wake(client, ref, { now, signal });
  const options = { now, signal, timeoutMs: storeTimeoutMs, remedy: syncRemedy };
  await orTellCause(client, ref, { signal }, () =>
    waitUntil(
      client,
      ref,
      (object) => object === undefined ? waiting("does not exist") : announcedReady(object),
      { ...options, purpose: `the store ${ref.name}` },
    ));
}

/** Have External Secrets look at an object now. */
export async function wake(
  client: ClusterClient,
  ref: ObjectRef,
  { now, signal }: Waiting,
): Promise<void> {
  const annotations = { [syncAnnotation]: now().toString() };
  await client.patch(ref, { metadata: { annotations } }, { signal, fieldManager: syncManager });
}

/** Wait, and when time runs out tell what External Secrets says of the object, which is more than the clock. */
export async function orTellCause(
  client: ClusterClient,
  ref: ObjectRef,
  { signal }: Pick<Waiting, "signal">,
  wait: () => Promise<unknown>,
): Promise<void> {
  try {
    await wait();
  } catch (error) {
    if (signal.aborted || !(error instanceof TimedOut)) throw error;
    const object = await client.get(ref, { signal });
    const cause = object === undefined
      ? undefined
      : (await diagnose(client, object, { signal }))[0];
    if (cause === undefined) throw error;
    throw new SlipwayError(`Cannot sync ${subjectOf(ref)}: ${cause.because}`, {
      remedy: cause.remedy ?? syncRemedy,
      cause: error,
    });
  }
}
