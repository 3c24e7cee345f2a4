import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { type ObjectRef, subjectOf } from "../../core/object.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import {
  restartWorkload,
  type SecretUser,
  usersByAgent,
  usersOf,
} from "../../kube/restart/restart.ts";
import { throwIfNotReady, waitUntilReady } from "../../kube/wait/wait.ts";
import type { ValueReader } from "./source.ts";

/** How long a rollout may take when no time-out is given, in milliseconds. */
const rolloutTimeoutMs = 10 * 60_000;

/** What a restart needs of a context. */
export type Restarting = Pick<Context, "emit" | "now" | "signal">;

/** By what workloads get a value. */
export interface SecretReaders {
  /** Secrets that hold it. */
  secrets: readonly Pick<ValueReader, "namespace" | "name">[];
  /** Path in a Vault at which agents beside them read it, such as `secret/data/shop/database`. */
  agentPath?: string;
  /** Inventory whose workloads may have such agents. */
  inventory?: string;
}

/** The workloads that read a value, each once, with how many of their pods may have begun with another. */
export async function usersOfAll(
  client: ClusterClient,
  { secrets, agentPath, inventory }: SecretReaders,
  { signal }: Pick<Context, "signal">,
): Promise<SecretUser[]> {
  const found = await mapConcurrently(
    secrets,
    4,
    (secret) => usersOf(client, secret, { signal }),
  );
  const users = [
    ...found.flat(),
    ...(agentPath === undefined || inventory === undefined
      ? []
      : await usersByAgent(client, agentPath, inventory, { signal })),
  ];
  const bySubject = new Map<string, SecretUser>();
  for (const user of users) {
    const subject = subjectOf(user.ref);
    const known = bySubject.get(subject);
    bySubject.set(subject, {
      ...user,
      outdatedPods: Math.max(user.outdatedPods, known?.outdatedPods ?? 0),
    });
  }
  return [...bySubject.values()];
}

/**
 * Restart the workloads whose pods are older than a Secret that they read, and wait until they are ready. One whose
 * pods are all newer is left alone, but waited for: a run before this one may have restarted it.
 *
 * @throws {SlipwayError} when one does not become ready, with its cause
 */
export async function restartUsers(
  client: ClusterClient,
  readers: SecretReaders,
  { emit, now, signal }: Restarting,
): Promise<ObjectRef[]> {
  const users = await usersOfAll(client, readers, { signal });
  const outdated = users.filter(({ outdatedPods }) => outdatedPods > 0);
  for (const { ref, outdatedPods } of outdated) {
    await restartWorkload(client, ref, now(), { signal });
    const because = restartReason(outdatedPods);
    emit({
      type: "change",
      phase: "apply",
      action: "configured",
      subject: subjectOf(ref),
      because,
    });
  }
  const refs = users.map(({ ref }) => ref);
  if (refs.length > 0) {
    const options = { emit, now, signal, timeoutMs: rolloutTimeoutMs };
    throwIfNotReady(await waitUntilReady(client, refs, options));
  }
  return outdated.map(({ ref }) => ref);
}

/** Why a workload is restarted, as messages say it. */
export function restartReason(outdatedPods: number): string {
  return `restarted: ${outdatedPods} ${
    outdatedPods === 1 ? "pod is" : "pods are"
  } older than a secret that it reads`;
}
