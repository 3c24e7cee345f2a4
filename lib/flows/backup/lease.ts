import { type LeaseFile, leaseName, writeLease } from "../../backup/lease_file.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import { AlreadyStored, StoreError } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { currentHolder, type Holder } from "../holder.ts";
import { clearLeases, readLeases, untilFree } from "./lease_state.ts";
import { renewing } from "./renewal.ts";

/** Another run has the lease now; nothing more is written. */
export class BackupLeaseLost extends SlipwayError {}

/** A lease while it is held. */
export interface BackupLease {
  /** Aborted when the run is, and when another run was seen to have the lease. */
  signal: AbortSignal;
  /**
   * Ask the store who has the lease.
   *
   * @throws {BackupLeaseLost} when it is another run
   */
  check(): Promise<void>;
}

/** How a lease is to be held. */
export interface LeaseOptions {
  /** What is done, such as `backup-postgres`, for whoever is turned away. */
  task: string;
  /** How long it lasts without a sign of life, in milliseconds. @default a minute, or `SLIPWAY_LEASE_SECONDS` */
  ttlMs?: number;
  /** Who takes it. @default this process */
  holder?: Holder;
}

/**
 * Do `work` while no other run works on this source in this store, and give the lease back afterwards.
 *
 * A lease is a file `lease.<n>.json` beside the backups, and the highest number counts. To take it is to write the
 * next number, which only one of several can do, so keys that may not delete are enough. No clock of this machine
 * decides: a holder of this machine is looked for among its processes; another one's lease has ended when the store's
 * own clock says so, or when no sign of life came while one was waited for.
 *
 * @throws {BackupLeaseHeld} when another run shows a sign of life
 * @throws {StoreError} when the store cannot be read or written
 */
export async function withLease<T>(
  store: Store,
  source: BackupSource,
  { task, ttlMs: wantedMs, holder: given }: LeaseOptions,
  context: Pick<Context, "now" | "env" | "emit" | "signal">,
  work: (lease: BackupLease) => Promise<T>,
): Promise<T> {
  const ttlMs = wantedMs ?? ttlOf(context.env);
  const holder = given ?? await currentHolder(context.env);
  const now = () => store.now?.() ?? context.now();
  const held: LeaseFile = {
    format: 1,
    holder: holder.name,
    process: holder.process,
    task,
    token: crypto.randomUUID(),
    takenAt: now().toString(),
    renewals: 0,
    ttlMs,
  };
  let generation = await acquire(store, source, held, context);
  const lost = new AbortController();
  const ended = new AbortController();

  const check = async () => {
    const { newest } = await readLeases(store, source, ended.signal);
    if (newest?.lease?.token === held.token) return;
    const other = newest?.lease?.holder ?? "nobody";
    const error = new BackupLeaseLost(
      `Cannot go on with ${nameOfSource(source)}: ${other} has its lease in ${store.url} now`,
      { remedy: "let that run end, and see why this one was silent for so long, then start again" },
    );
    lost.abort(error);
    throw error;
  };
  const write = async (content: LeaseFile, signal: AbortSignal) => {
    try {
      await put(store, leaseName(source, generation), content, { signal });
    } catch (error) {
      // Keys can be such that they may not even overwrite: then each sign of life is a lease of its own.
      if (!(error instanceof StoreError) || error.retryable) throw error;
      await put(store, leaseName(source, generation + 1), content, { ifAbsent: true, signal });
      generation++;
    }
  };
  const renew = async () => {
    try {
      await check();
      held.renewals++;
      await write(held, ended.signal);
    } catch (error) {
      if (ended.signal.aborted || lost.signal.aborted) return;
      // While no other run has the lease nothing is lost, and `check` has the last word.
      context.emit({
        type: "note",
        level: "warning",
        message: `Cannot renew the lease on ${nameOfSource(source)}: ${messageOf(error)}`,
      });
    }
  };

  const renewal = renewing(ttlMs / 3, renew);
  try {
    return await work({ signal: AbortSignal.any([context.signal, lost.signal]), check });
  } finally {
    // Whoever interrupted the work must not wait for a store that is silent.
    if (context.signal.aborted) ended.abort();
    await renewal.stop();
    if (!lost.signal.aborted) {
      const released = { ...held, releasedAt: now().toString() };
      await write(released, AbortSignal.timeout(5_000)).catch(() => {
        // A lease that cannot be given back expires; the outcome of the work counts more.
      });
    }
  }
}

function ttlOf(env: Context["env"]): number {
  const text = env("SLIPWAY_LEASE_SECONDS") || "60";
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1_000;
  throw new UsageError(
    `Cannot use SLIPWAY_LEASE_SECONDS: it is "${text}", wanted a number of seconds above 0`,
  );
}

async function acquire(
  store: Store,
  source: BackupSource,
  held: LeaseFile,
  context: Pick<Context, "emit" | "signal">,
): Promise<number> {
  const { signal } = context;
  for (;;) {
    const found = await readLeases(store, source, signal);
    await untilFree(store, source, found, held, context);
    const generation = (found.newest?.generation ?? 0) + 1;
    try {
      await put(store, leaseName(source, generation), held, { ifAbsent: true, signal });
    } catch (error) {
      // Somebody else was faster: look again at who holds it now.
      if (error instanceof AlreadyStored) continue;
      throw error;
    }
    // Some stores take a write that must not overwrite for any other; so whose it is now is looked at once more.
    const { newest } = await readLeases(store, source, signal);
    if (newest?.lease?.token !== held.token) continue;
    await clearLeases(store, found.generations, source);
    return generation;
  }
}

function put(
  store: Store,
  name: string,
  lease: LeaseFile,
  options: { ifAbsent?: boolean; signal: AbortSignal },
): Promise<void> {
  return store.put(name, new TextEncoder().encode(writeLease(lease)), options);
}
