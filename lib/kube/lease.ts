import type { ClusterClient } from "../core/cluster.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import type { Emit } from "../core/events.ts";
import { hasReason } from "../core/status_error.ts";
import {
  heldBy,
  holderProcessOf,
  isHeldBy,
  type Lease,
  type LeaseHolder,
  leaseRef,
} from "./lease_object.ts";

/** Another run holds the lease. */
export class LeaseHeld extends SlipwayError {}

/** The lease was lost while the work went on; nothing more is written. */
export class LeaseLost extends SlipwayError {}

/** Who takes a lease, and how it is waited for. */
export interface LeaseOptions extends LeaseHolder {
  /** Whether the process that such a name stands for is known to have ended; false where it cannot be known. */
  hasEnded: (holderProcess: string) => Promise<boolean>;
  /** Receives a note while another holder's lease is waited for. */
  emit: Emit;
  /** Ends the waiting and the work. */
  signal: AbortSignal;
}

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
  const process = holderProcessOf(lease);
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

async function release(client: ClusterClient, lease: Lease): Promise<void> {
  const { uid, resourceVersion } = lease.metadata;
  try {
    await client.delete(leaseRef(lease.metadata.name), { uid, resourceVersion, timeoutMs: 2_000 });
  } catch {
    // A lease that cannot be given back expires; the outcome of the work counts more.
  }
}
