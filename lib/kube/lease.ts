import type { ClusterClient } from "../core/cluster.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import type { Emit } from "../core/events.ts";
import { fieldManager, managedByLabel, systemNamespace } from "../core/labels.ts";
import type { KubeObject, ObjectRef } from "../core/object.ts";
import { hasReason } from "../core/status_error.ts";

/** Another run holds the lease. */
export class LeaseHeld extends SlipwayError {}

/** The lease was lost while the work went on; nothing more is written. */
export class LeaseLost extends SlipwayError {}

/** Who holds a lease, and for how long it lasts without a sign of life. */
export interface LeaseOptions {
  /** What must not run twice, such as the inventory `shop.production`. */
  id: string;
  /** The holder as people know it, such as `ana@laptop, process 4711`. */
  holder: string;
  /** Names the holder's process so that {@linkcode LeaseOptions.hasEnded} can look for it. */
  holderProcess: string;
  /** Whether the process that such a name stands for is known to have ended; false where it cannot be known. */
  hasEnded: (holderProcess: string) => Promise<boolean>;
  /** How long a lease lasts after its last renewal, in seconds. @default 15 */
  durationSeconds?: number;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Receives a note while another holder's lease is waited for. */
  emit: Emit;
  /** Ends the waiting and the work. */
  signal: AbortSignal;
}

/** Source: coordination.k8s.io/v1 Lease. */
interface Lease extends KubeObject {
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const processAnnotation = "slipway.dev/holder-process";

/**
 * Do `work` while holding a lease on the cluster, and give it back afterwards. The signal that `work`
 * gets is aborted when the lease is lost. A lease whose holder crashed is taken over: at once
 * where it is known that its process ended, otherwise when it expires.
 *
 * @throws {LeaseHeld} when another run is alive
 */
export async function withLease<T>(
  client: ClusterClient,
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const interrupted = new AbortController();
  let lease = await acquire(client, options);
  const durationMs = (options.durationSeconds ?? 15) * 1_000;
  let renewedAt = options.now();
  let renewing: Promise<void> = Promise.resolve();
  const renew = async () => {
    try {
      lease = await client.replace<Lease>(heldBy(options, lease), {
        timeoutMs: durationMs / 3,
        signal: interrupted.signal,
      });
      renewedAt = options.now();
    } catch (error) {
      if (interrupted.signal.aborted) return;
      const { found, cause } = hasReason(error, "Conflict")
        ? await lookAgain(client, lease, options, error)
        : { cause: error };
      if (found !== undefined) {
        lease = found;
        renewedAt = Temporal.Instant.from(found.spec.renewTime!);
        return;
      }
      const silentMs = options.now().since(renewedAt).total("milliseconds");
      if (hasReason(cause, "Conflict", "NotFound") || silentMs > durationMs) {
        lost.abort(
          new LeaseLost(`Cannot go on: the lease on ${options.id} was lost: ${messageOf(cause)}`, {
            remedy: "run the command again; it goes on from where this run ended",
            cause,
          }),
        );
      }
    }
  };
  const timer = setInterval(() => renewing = renewing.then(renew), durationMs / 3);
  try {
    return await work(AbortSignal.any([options.signal, lost.signal]));
  } finally {
    clearInterval(timer);
    // Whoever interrupted the work must not wait for a server that is silent.
    if (options.signal.aborted) interrupted.abort();
    await renewing;
    if (!lost.signal.aborted) await release(client, lease);
  }
}

/** The lease's place on the cluster. */
export function leaseRef(id: string): ObjectRef {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespace: systemNamespace,
    name: id,
  };
}

async function acquire(client: ClusterClient, options: LeaseOptions): Promise<Lease> {
  const { signal } = options;
  for (;;) {
    const found = await client.get<Lease>(leaseRef(options.id), { signal });
    try {
      if (found === undefined) {
        return await client.create<Lease>(heldBy(options), { signal });
      }
      await untilFree(client, found, options);
      return await client.replace<Lease>(heldBy(options, found), { signal });
    } catch (error) {
      // Somebody else was faster: look again at who holds it now.
      if (!hasReason(error, "AlreadyExists", "Conflict", "NotFound")) throw error;
    }
  }
}

/** Returns when the lease may be taken over; throws when its holder shows a sign of life. */
async function untilFree(
  client: ClusterClient,
  lease: Lease,
  options: LeaseOptions,
): Promise<void> {
  const { holderIdentity: holder = "another run", renewTime, leaseDurationSeconds = 15 } =
    lease.spec;
  const process = lease.metadata.annotations?.[processAnnotation];
  if (process !== undefined && await options.hasEnded(process)) return;
  const expires = renewTime === undefined
    ? options.now()
    : Temporal.Instant.from(renewTime).add({ seconds: leaseDurationSeconds });
  // A clock that is far off must not make anybody wait longer than a lease lasts.
  const leftMs = Math.min(
    expires.since(options.now()).total("milliseconds"),
    leaseDurationSeconds * 1_000,
  );
  if (leftMs <= 0) return;
  options.emit({
    type: "note",
    level: "info",
    message: `${holder} holds the lease on ${options.id}; waiting up to ${
      Math.ceil(leftMs / 1_000)
    } s for a sign of life`,
  });
  const changed = await changeWithin(client, lease, leftMs, options.signal);
  if (changed === undefined || changed.spec.renewTime === renewTime) return;
  throw new LeaseHeld(
    `Cannot change ${options.id}: ${holder} is changing it since ${lease.spec.acquireTime}`,
    {
      remedy: "wait for that run to end, or stop it, then run the command again",
      retryable: true,
    },
  );
}

/** The lease after its next change; undefined when it was deleted or did not change in time. */
async function changeWithin(
  client: ClusterClient,
  lease: Lease,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { apiVersion, kind, namespace, name } = leaseRef(lease.metadata.name);
  const query = { apiVersion, kind, namespace, fieldSelector: `metadata.name=${name}` };
  let present = false;
  for await (const event of client.watch<Lease>(query, { signal: end })) {
    if (event.type === "synced") {
      if (!present) return undefined;
    } else if (event.type === "deleted") {
      return undefined;
    } else {
      present = true;
      if (event.object.metadata.resourceVersion !== lease.metadata.resourceVersion) {
        return event.object;
      }
    }
  }
  signal.throwIfAborted();
  return undefined;
}

/**
 * The lease as the cluster has it after a conflict, if it is still this run's: a renewal whose answer came too late was
 * done all the same. Otherwise the conflict, or why nobody knows.
 */
async function lookAgain(
  client: ClusterClient,
  lease: Lease,
  options: LeaseOptions,
  conflict: unknown,
): Promise<{ found?: Lease; cause: unknown }> {
  try {
    const found = await client.get<Lease>(leaseRef(options.id), { signal: options.signal });
    const isOurs = found?.metadata.uid === lease.metadata.uid && isHeldBy(found, options);
    return { ...(isOurs ? { found } : {}), cause: conflict };
  } catch (cause) {
    return { cause };
  }
}

function isHeldBy(lease: Lease | undefined, { holder, holderProcess }: LeaseOptions): boolean {
  return lease?.spec.holderIdentity === holder &&
    lease.metadata.annotations?.[processAnnotation] === holderProcess;
}

async function release(client: ClusterClient, lease: Lease): Promise<void> {
  const { uid, resourceVersion } = lease.metadata;
  try {
    await client.delete(leaseRef(lease.metadata.name), { uid, resourceVersion, timeoutMs: 2_000 });
  } catch {
    // A lease that cannot be given back expires; the outcome of the work counts more.
  }
}

function heldBy(options: LeaseOptions, before?: Lease): Lease {
  const { apiVersion, kind, namespace, name } = leaseRef(options.id);
  const time = options.now().toString({ fractionalSecondDigits: 6 });
  const isRenewal = before !== undefined && isHeldBy(before, options);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: { [managedByLabel]: fieldManager },
      annotations: { [processAnnotation]: options.holderProcess },
      ...(before === undefined
        ? {}
        : { uid: before.metadata.uid, resourceVersion: before.metadata.resourceVersion }),
    },
    spec: {
      holderIdentity: options.holder,
      leaseDurationSeconds: options.durationSeconds ?? 15,
      acquireTime: isRenewal ? before.spec.acquireTime : time,
      renewTime: time,
      leaseTransitions: (before?.spec.leaseTransitions ?? 0) +
        (before === undefined || isRenewal ? 0 : 1),
    },
  };
}
