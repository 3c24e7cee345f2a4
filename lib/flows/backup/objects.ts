import { decryptStreamWith, encryptStreamFor } from "../../age/age.ts";
import { checkMeasure, damaged, metered } from "../../backup/measure.ts";
import { type BackupSource, fileName } from "../../backup/names.ts";
import type { BackupObject, BackupRecord, Measure } from "../../backup/record.ts";
import { compressed, decompressed } from "../../backup/zstd.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { reshaped } from "../../core/reshape.ts";
import type { Store } from "../../store/store.ts";

/** How long what failed may take to be put away, in milliseconds. */
export const tidyMs = 10_000;

/** An object of a backup that is to be written. */
export interface NewObject {
  /** What it belongs to. */
  source: BackupSource;
  /** Id of the backup. */
  id: string;
  /** What follows the id in its name. */
  suffix: string;
  /** Its bytes, neither compressed nor encrypted. A stream that fails leaves no object. */
  plain: ByteStream;
  /** age recipients, any of whom can decrypt it; none where it is stored in the clear. */
  recipients: readonly string[];
  /** How it is compressed. @default not at all */
  compression?: "zstd" | undefined;
  /** Told how many bytes have come so far, before they are compressed. */
  onBytes?: (total: number) => void;
}

/**
 * Compress and encrypt a stream into the store, and read it back: what is stored has the size and the checksum of what
 * was sent.
 *
 * @throws {SlipwayError} when what is read back differs; nothing is left then
 */
export async function writeObject(
  store: Store,
  { source, id, suffix, plain, recipients, compression, onBytes }: NewObject,
  { signal }: Pick<Context, "signal">,
): Promise<BackupObject> {
  const name = fileName(source, { id, suffix });
  const before = metered(plain, onBytes);
  const smaller = compression === undefined ? before.stream : compressed(before.stream);
  const after = metered(
    recipients.length === 0 ? smaller : await encryptStreamFor(recipients, smaller),
  );
  await store.put(name, after.stream, { ifAbsent: true, signal });
  const object = {
    suffix,
    ...compression === undefined ? {} : { compression },
    plain: before.measure(),
    stored: after.measure(),
  };
  try {
    await checkStored(store, source, { id }, object, { signal });
  } catch (error) {
    // Keys that may only add refuse this; without a record it is no backup anyway.
    await store.delete(name, { signal: AbortSignal.timeout(tidyMs) }).catch(() => {});
    throw error;
  }
  return object;
}

/**
 * Take an object into a backup that the system which is backed up wrote itself, by reading it.
 *
 * @throws {SlipwayError} when it is not there
 */
export async function adoptObject(
  store: Store,
  { source, id, suffix }: Pick<NewObject, "source" | "id" | "suffix">,
  { signal }: Pick<Context, "signal">,
): Promise<BackupObject> {
  const measure = await measureStored(store, source, { id, suffix }, signal);
  return { suffix, writtenBy: "source", plain: measure, stored: measure };
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
  const found = await measureStored(store, source, { id, suffix }, signal);
  checkMeasure(found, stored, `${id}.${suffix} in ${store.url}`);
}

async function measureStored(
  store: Store,
  source: BackupSource,
  file: { id: string; suffix: string },
  signal: AbortSignal,
): Promise<Measure> {
  const meter = metered(await openObject(store, source, file, signal));
  await meter.stream.pipeTo(new WritableStream(), { signal });
  return meter.measure();
}

/** How an object is read. */
export interface ReadOptions {
  /** age identities; not needed for what is stored in the clear. */
  identities: readonly string[];
  /** Ends the reading. */
  signal: AbortSignal;
}

/**
 * The bytes of an object as they were before they were compressed and encrypted, while they come. The stream ends only
 * when the sizes and checksums of what is stored and of what came out of it agree with the record; else it fails, so
 * what was made of it until then is not to be used.
 *
 * @throws {SlipwayError} when it is not there, or none of the identities can decrypt it
 */
export async function openPlain(
  store: Store,
  source: BackupSource,
  { id, recipients }: Pick<BackupRecord, "id" | "recipients">,
  { suffix, compression, writtenBy, plain, stored }: BackupObject,
  { identities, signal }: ReadOptions,
): Promise<ByteStream> {
  const what = `${id}.${suffix} in ${store.url}`;
  const before = metered(await openObject(store, source, { id, suffix }, signal));
  const decrypted = recipients.length === 0 || writtenBy !== undefined
    ? before.stream
    : await decryptStreamWith(identities, before.stream, what);
  const after = metered(compression === undefined ? decrypted : decompressed(decrypted));
  const check = () => {
    checkMeasure(before.measure(), stored, what);
    checkMeasure(after.measure(), plain, `${what}, opened,`);
  };
  return reshaped(after.stream, {
    chunk: (bytes) => bytes,
    end: check,
    failure(error) {
      if (error instanceof SlipwayError) return error;
      if (before.ended()) check();
      return damaged(`${what} was changed: it cannot be opened: ${messageOf(error)}`, error);
    },
  });
}

/** The whole of a small object, as {@linkcode openPlain}. */
export async function readObject(
  store: Store,
  source: BackupSource,
  record: Pick<BackupRecord, "id" | "recipients">,
  object: BackupObject,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(await openPlain(store, source, record, object, options)).bytes();
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
