import { type LeaseFile, readLease, writeLease } from "../../backup/lease_file.ts";
import { type BackupFile, type BackupSource, fileName } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { messageOf } from "../../core/errors.ts";
import { StoreError } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { currentHolder, hasEnded, type Holder } from "../holder.ts";
import { renewing } from "./renewal.ts";

/** How a backup is held. */
export interface HoldOptions {
  /** What reads it, such as `restore-postgres`. */
  task: string;
  /** How long it counts without a sign of life, in milliseconds. @default 15 minutes */
  ttlMs?: number;
  /** Who reads it. @default this process */
  holder?: Holder;
}

const suffixPattern = /^hold-[0-9a-f]{12}\.json$/;

/** A restore that was killed is in the way of no pruning but the next. */
const usualTtlMs = 15 * 60_000;
/** Whatever a file says, nothing is held for longer without a sign of life. */
const longestTtlMs = 24 * 3_600_000;

/** How long giving it back may take when the run was interrupted, in milliseconds. */
const giveBackMs = 5_000;

/**
 * Do `work` while no pruning removes this backup. Any number of runs can hold one: each has a file
 * `<id>.hold-<token>.json` beside it, which is renewed, and expires. Keys that may only read hold nothing, which is told
 * and no reason not to restore.
 */
export async function withHold<T>(
  store: Store,
  source: BackupSource,
  id: string,
  { task, ttlMs = usualTtlMs, holder: given }: HoldOptions,
  context: Pick<Context, "now" | "env" | "emit" | "signal">,
  work: () => Promise<T>,
): Promise<T> {
  const { signal } = context;
  const holder = given ?? await currentHolder(context.env);
  const token = crypto.randomUUID();
  const name = fileName(source, { id, suffix: `hold-${token.slice(-12)}.json` });
  const hold: LeaseFile = {
    format: 1,
    holder: holder.name,
    process: holder.process,
    task,
    token,
    takenAt: (store.now?.() ?? context.now()).toString(),
    renewals: 0,
    ttlMs,
  };
  const write = (signal: AbortSignal) =>
    store.put(name, new TextEncoder().encode(writeLease(hold)), { signal });
  try {
    await write(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StoreError)) throw error;
    context.emit({
      type: "note",
      level: "info",
      message: `nothing keeps prune-backups from removing ${id} meanwhile: ${messageOf(error)}`,
    });
    return await work();
  }
  const renew = async () => {
    hold.renewals++;
    // The next one may succeed, and what was removed in spite of it fails while it is read.
    await write(signal).catch(() => {});
  };
  const renewal = renewing(ttlMs / 3, renew);
  try {
    return await work();
  } finally {
    await renewal.stop();
    const limited = AbortSignal.timeout(giveBackMs);
    await store.delete(name, { signal: limited }).catch(async () => {
      // Keys that may not delete say so instead; else it expires.
      hold.releasedAt = (store.now?.() ?? context.now()).toString();
      await write(limited).catch(() => {});
    });
  }
}

/** Whether a file of a backup holds it. */
export function isHold({ suffix }: Pick<BackupFile, "suffix">): boolean {
  return suffixPattern.test(suffix);
}

/**
 * Why a file that holds a backup keeps it: who reads it, and since when. Undefined where it was given back, has expired,
 * or its run has ended.
 *
 * @throws {StoreError} when it cannot be read
 */
export async function heldBy(
  store: Store,
  { name, modifiedAt }: { name: string; modifiedAt: Temporal.Instant },
  { now, signal }: Pick<Context, "now" | "signal">,
): Promise<string | undefined> {
  const bytes = await store.get(name, { signal });
  if (bytes === undefined) return undefined;
  const hold = readLease(new TextDecoder().decode(bytes));
  if (hold?.releasedAt !== undefined || hold && await hasEnded(hold.process)) return undefined;
  const ttlMs = Math.ceil(Math.min(hold?.ttlMs ?? usualTtlMs, longestTtlMs));
  const until = modifiedAt.add({ milliseconds: ttlMs });
  if (Temporal.Instant.compare(until, store.now?.() ?? now()) <= 0) return undefined;
  return hold === undefined
    ? "somebody reads it"
    : `${hold.holder} reads it for ${hold.task} since ${hold.takenAt}`;
}
