import type { BackupListing } from "../../backup/listing.ts";
import { checkMeasure, metered } from "../../backup/measure.ts";
import { type BackupSource, fileName, recordSuffix } from "../../backup/names.ts";
import type { BackupObject, BackupRecord } from "../../backup/record.ts";
import { readVerification, verificationSuffix } from "../../backup/verification.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { reshaped } from "../../core/reshape.ts";
import { formatBytes } from "../../core/units.ts";
import { AlreadyStored } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { checkStored } from "./objects.ts";

/** Two stores, and what is copied from one into the other. */
export interface CopyPlan {
  /** What the backups are of. */
  source: BackupSource;
  /** Where they are. */
  from: Store;
  /** Where they are to be too. */
  to: Store;
  /** What `to` has of the source. */
  there: BackupListing;
}

/** What became of one backup. */
export interface CopiedBackup {
  /** Whether it was copied now, or was there already. */
  state: "copied" | "there";
  /** How many bytes went over. */
  bytes: number;
}

/**
 * Copy one backup: its objects, which are compared with the record while they go and once more where they have come,
 * then its record, then when it was last restored. What a killed copy left is used where its bytes are right.
 *
 * @throws {SlipwayError} when bytes differ from the record, or `to` has another backup of this id
 */
export async function copyBackup(
  { source, from, to, there }: CopyPlan,
  { record }: { record: BackupRecord },
  { signal }: Pick<Context, "signal">,
  onBytes: (total: number) => void = () => {},
): Promise<CopiedBackup> {
  const { id } = record;
  const recordName = fileName(source, { id, suffix: recordSuffix });
  const text = await from.get(recordName, { signal });
  if (text === undefined) throw gone(id, from);
  const isThere = there.backups.some((backup) => backup.record.id === id);
  let bytes = 0;
  if (!isThere) {
    for (const object of record.objects) {
      if (await isStored(to, source, record, object, signal)) continue;
      const before = bytes;
      await copyObject(
        { source, from, to },
        record,
        object,
        signal,
        (total) => onBytes(before + total),
      );
      bytes += object.stored.sizeBytes;
    }
  }
  await putRecord(to, recordName, text, signal);
  await copyVerification({ source, from, to }, id, signal);
  return { state: isThere ? "there" : "copied", bytes };
}

async function copyObject(
  { source, from, to }: Omit<CopyPlan, "there">,
  record: BackupRecord,
  object: BackupObject,
  signal: AbortSignal,
  onBytes: (total: number) => void,
): Promise<void> {
  const { suffix, stored } = object;
  const name = fileName(source, { id: record.id, suffix });
  const stream = await from.open(name, { signal });
  if (stream === undefined) throw gone(`${record.id}.${suffix}`, from);
  const meter = metered(stream, onBytes);
  // Bytes that are not those of the record make no object there.
  const checked = reshaped(meter.stream, {
    chunk: (bytes) => bytes,
    end: () => checkMeasure(meter.measure(), stored, `${record.id}.${suffix} in ${from.url}`),
  });
  await to.put(name, checked, { signal, expectedBytes: stored.sizeBytes });
  await checkStored(to, source, record, object, { signal });
}

/** Whether an object is there already, byte for byte. */
async function isStored(
  to: Store,
  source: BackupSource,
  record: BackupRecord,
  object: BackupObject,
  signal: AbortSignal,
): Promise<boolean> {
  const name = fileName(source, { id: record.id, suffix: object.suffix });
  const found = (await to.list(name, { signal })).find((each) => each.name === name);
  if (found?.sizeBytes !== object.stored.sizeBytes) return false;
  try {
    await checkStored(to, source, record, object, { signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SlipwayError && !error.retryable) return false;
    throw error;
  }
}

async function putRecord(
  to: Store,
  name: string,
  text: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await to.put(name, text, { ifAbsent: true, signal });
  } catch (error) {
    if (!(error instanceof AlreadyStored)) throw error;
    const found = await to.get(name, { signal });
    if (found !== undefined && isSame(found, text)) return;
    throw new SlipwayError(`Did not copy ${name}: ${to.url} has another record of this name`, {
      remedy: "see which of both is right, and move the other one away",
      cause: error,
    });
  }
}

/** A backup that was restored since it was copied is told of there too; what was restored from there later stays. */
async function copyVerification(
  { source, from, to }: Omit<CopyPlan, "there">,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const name = fileName(source, { id, suffix: verificationSuffix });
  const [ours, theirs] = await Promise.all([from.get(name, { signal }), to.get(name, { signal })]);
  if (ours === undefined || theirs !== undefined && !isNewer(ours, theirs)) return;
  await to.put(name, ours, { signal });
}

function isNewer(one: Uint8Array, other: Uint8Array): boolean {
  const [mine, theirs] = [one, other].map((bytes) =>
    readVerification(new TextDecoder().decode(bytes))?.verifiedAt
  );
  if (mine === undefined || theirs === undefined) return mine !== undefined;
  return Temporal.Instant.compare(mine, theirs) > 0;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function gone(what: string, from: Store): SlipwayError {
  return new SlipwayError(`Cannot copy ${what}: it is not in ${from.url} any more`, {
    remedy: "start again; what was removed meanwhile is left out then",
  });
}

/** What a copy did, for the end of its stage. */
export function copiedText(outcomes: readonly CopiedBackup[]): string {
  const copied = outcomes.filter(({ state }) => state === "copied");
  const bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0);
  const there = outcomes.length - copied.length;
  return `copied ${copied.length} (${formatBytes(bytes)}), ${there} there already`;
}
