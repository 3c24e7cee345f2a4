import { decryptWith, encryptStreamFor } from "../../age/age.ts";
import { checkMeasure, createMeter } from "../../backup/measure.ts";
import { type BackupSource, fileName } from "../../backup/names.ts";
import type { BackupObject, BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";

/** Bytes, as all of them come and go here. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** An object of a backup that is to be written. */
export interface NewObject {
  /** What it belongs to. */
  source: BackupSource;
  /** Id of the backup. */
  id: string;
  /** What follows the id in its name. */
  suffix: string;
  /** Its bytes, not encrypted. A stream that fails leaves no object. */
  plain: ByteStream;
  /** age recipients, any of whom can decrypt it. */
  recipients: readonly string[];
  /** Told how many bytes have come so far. */
  onBytes?: (total: number) => void;
}

/**
 * Encrypt a stream into the store, and read it back: what is stored has the size and the checksum of what was sent.
 *
 * @throws {SlipwayError} when what is read back differs; nothing is left then
 */
export async function writeObject(
  store: Store,
  { source, id, suffix, plain, recipients, onBytes }: NewObject,
  { signal }: Pick<Context, "signal">,
): Promise<BackupObject> {
  const name = fileName(source, { id, suffix });
  const [before, after] = [createMeter(onBytes), createMeter()];
  const encrypted = await encryptStreamFor(recipients, plain.pipeThrough(before));
  await store.put(name, encrypted.pipeThrough(after), { ifAbsent: true, signal });
  const object = { suffix, plain: before.measure(), stored: after.measure() };
  try {
    await checkStored(store, source, { id }, object, { signal });
  } catch (error) {
    // Keys that may only add refuse this; without a record it is no backup anyway.
    await store.delete(name).catch(() => {});
    throw error;
  }
  return object;
}

/**
 * Read an object as it is stored, and compare its size and its checksum with the record's.
 *
 * @throws {SlipwayError} when it differs, or is not there
 */
export async function checkStored(
  store: Store,
  source: BackupSource,
  { id }: Pick<BackupRecord, "id">,
  { suffix, stored }: BackupObject,
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  const stream = await openObject(store, source, { id, suffix }, signal);
  const meter = createMeter();
  await stream.pipeThrough(meter).pipeTo(new WritableStream(), { signal });
  checkMeasure(meter.measure(), stored, `${id}.${suffix} in ${store.url}`);
}

/**
 * The bytes of an object as they were before they were encrypted, shown to be those by size and checksum.
 *
 * @throws {SlipwayError} when they are not, none of the identities can decrypt them, or they are not there
 */
export async function readObject(
  store: Store,
  source: BackupSource,
  { id }: Pick<BackupRecord, "id">,
  { suffix, plain, stored }: BackupObject,
  { identities, signal }: { identities: readonly string[]; signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const what = `${id}.${suffix} in ${store.url}`;
  const stream = await openObject(store, source, { id, suffix }, signal);
  const [before, after] = [createMeter(), createMeter()];
  const encrypted = await new Response(stream.pipeThrough(before)).bytes();
  checkMeasure(before.measure(), stored, what);
  const bytes = await decryptWith(identities, encrypted, what);
  await new Blob([bytes]).stream().pipeThrough(after).pipeTo(new WritableStream());
  checkMeasure(after.measure(), plain, `${what}, decrypted,`);
  return bytes;
}

async function openObject(
  store: Store,
  source: BackupSource,
  file: { id: string; suffix: string },
  signal: AbortSignal,
): Promise<ByteStream> {
  const stream = await store.open(fileName(source, file), { signal });
  if (stream !== undefined) return stream;
  throw new SlipwayError(`Cannot read ${file.id}.${file.suffix} in ${store.url}: it is not there`, {
    remedy: "use another backup, and see who may delete in that store",
  });
}
