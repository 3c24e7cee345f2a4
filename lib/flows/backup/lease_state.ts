import {
  type LeaseFile,
  leaseName,
  leasePrefix,
  readLease,
  readLeaseName,
} from "../../backup/lease_file.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import type { Store } from "../../store/store.ts";
import { hasEnded } from "../holder.ts";

/** Another run works on the source. */
export class BackupLeaseHeld extends SlipwayError {}

/** The lease that counts. */
export interface NewestLease {
  /** Its number. */
  generation: number;
  /** What it says; undefined where it cannot be read as a lease. */
  lease: LeaseFile | undefined;
  /** When it was last written, by the store's clock. */
  writtenAt: Temporal.Instant;
}

/** The leases of a source that lie in a store. */
export interface LeaseState {
  /** The one that counts; undefined where there is none. */
  newest: NewestLease | undefined;
  /** Numbers of all of them. */
  generations: number[];
}

/** Longest that an unreadable lease is respected, in milliseconds. */
const unreadableTtlMs = 60_000;

/** Look at the leases of a source. */
export async function readLeases(
  store: Store,
  source: BackupSource,
  signal: AbortSignal,
): Promise<LeaseState> {
  const found = (await store.list(leasePrefix(source), { signal }))
    .map(({ name, modifiedAt }) => ({ generation: readLeaseName(source, name), modifiedAt }))
    .filter((each): each is typeof each & { generation: number } => each.generation !== undefined)
    .sort((a, b) => b.generation - a.generation);
  const generations = found.map(({ generation }) => generation);
  const [highest] = found;
  if (highest === undefined) return { newest: undefined, generations };
  const bytes = await store.get(leaseName(source, highest.generation), { signal });
  const lease = bytes === undefined ? undefined : readLease(new TextDecoder().decode(bytes));
  return {
    newest: { generation: highest.generation, lease, writtenAt: highest.modifiedAt },
    generations,
  };
}

/**
 * Returns when the lease may be taken: it was given back, has expired, or its holder ended or shows no sign of life.
 *
 * @throws {BackupLeaseHeld} when its holder is alive
 */
export async function untilFree(
  store: Store,
  source: BackupSource,
  { newest }: LeaseState,
  { process }: Pick<LeaseFile, "process">,
  { emit, signal }: Pick<Context, "emit" | "signal">,
): Promise<void> {
  if (newest === undefined || newest.lease?.releasedAt !== undefined) return;
  const { lease } = newest;
  if (lease !== undefined && await hasEnded(lease.process)) return;
  const ttlMs = lease?.ttlMs ?? unreadableTtlMs;
  const time = store.now?.();
  const leftMs = time === undefined
    ? ttlMs
    // A store's clock that was set back must not make anybody wait longer than a lease lasts.
    : Math.min(
      ttlMs,
      newest.writtenAt.add({ milliseconds: ttlMs }).since(time).total("milliseconds"),
    );
  if (leftMs <= 0) return;
  if (lease !== undefined && isSameMachine(lease.process, process)) {
    throw heldError(store, source, newest);
  }
  emit({
    type: "note",
    level: "info",
    message: `${lease?.holder ?? "Another run"} holds the lease on ${
      nameOfSource(source)
    }; waiting up to ${Math.ceil(leftMs / 1_000)} s for a sign of life`,
  });
  // Measured here, since the time of a sign of life does not matter, only that one comes.
  const deadline = performance.now() + leftMs;
  for (;;) {
    const restMs = deadline - performance.now();
    if (restMs <= 0) return;
    await sleepFor(Math.min(restMs, ttlMs / 12), signal);
    const { newest: now } = await readLeases(store, source, signal);
    if (now === undefined || now.lease?.releasedAt !== undefined) return;
    if (now.generation !== newest.generation || now.lease?.renewals !== lease?.renewals) {
      throw heldError(store, source, now);
    }
  }
}

/** Remove leases that do not count any more; keys that may not delete leave them for others to remove. */
export async function clearLeases(
  store: Store,
  generations: readonly number[],
  source: BackupSource,
): Promise<void> {
  try {
    for (const generation of generations) await store.delete(leaseName(source, generation));
  } catch {
    // They do no harm.
  }
}

/** Whether two processes run under one kernel and see each other: boot and PID namespace are the same. */
function isSameMachine(one: string, other: string): boolean {
  const place = (process: string) => process.split("/").slice(0, 2).join("/");
  return one !== "" && place(one) === place(other);
}

function heldError(
  store: Store,
  source: BackupSource,
  { lease, writtenAt }: NewestLease,
): BackupLeaseHeld {
  const until = writtenAt.add({ milliseconds: lease?.ttlMs ?? unreadableTtlMs });
  const second = (time: Temporal.Instant) => time.round("second").toString();
  return new BackupLeaseHeld(
    `Cannot work on ${nameOfSource(source)} in ${store.url}: ${
      lease?.holder ?? "another run"
    } runs ${lease?.task ?? "something"} on it since ${
      second(lease === undefined ? writtenAt : Temporal.Instant.from(lease.takenAt))
    }; its lease lasts until ${second(until)}, and longer while it shows signs of life`,
    {
      remedy: "wait for that run to end, or stop it, then start again",
      retryable: true,
    },
  );
}
