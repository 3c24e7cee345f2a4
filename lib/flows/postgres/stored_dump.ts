import { objectOf } from "../../backup/record.ts";
import type { ByteStream } from "../../core/program.ts";
import { type PostgresBackupDetails, postgresSuffixes } from "../../postgres/details.ts";
import type { ChosenBackup } from "../backup/choose.ts";
import { openPlain, readObject } from "../backup/objects.ts";

/** A backup of a database, and what opens it. */
export interface StoredDump extends ChosenBackup {
  /** What is known of the database. */
  details: PostgresBackupDetails;
}

/** Size of the dump, before compression and encryption, in bytes. */
export function dumpSize({ record }: StoredDump): number {
  return objectOf(record, postgresSuffixes.dump).plain.sizeBytes;
}

/**
 * The dump, from its beginning. The stream fails at its end when it is not what was backed up.
 *
 * @throws {SlipwayError} when it is not there, or cannot be decrypted
 */
export async function openDump(
  { store, source, record, identities }: StoredDump,
  signal: AbortSignal,
): Promise<ByteStream> {
  const object = objectOf(record, postgresSuffixes.dump);
  return await openPlain(store, source, record, object, { identities, signal });
}

/**
 * Roles and tablespaces of the server that the database was on, as a script.
 *
 * @throws {SlipwayError} when it is not what was backed up, or cannot be decrypted
 */
export async function readGlobals(
  { store, source, record, identities }: StoredDump,
  signal: AbortSignal,
): Promise<string> {
  const object = objectOf(record, postgresSuffixes.globals);
  const bytes = await readObject(store, source, record, object, { identities, signal });
  return new TextDecoder().decode(bytes);
}
