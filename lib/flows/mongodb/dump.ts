import type { ByteStream } from "../../core/program.ts";
import { type ArchiveFacts, createArchiveReader, guardedArchive } from "../../mongodb/archive.ts";
import { mongodbFailure, toolMissing } from "../../mongodb/failure.ts";
import { type DumpOptions, dumpProgram } from "../../mongodb/programs.ts";
import type { MongodbPlace } from "./reached.ts";

/** A dump that was read to its end. */
export interface Dumped<T> {
  /** What was made of it. */
  result: T;
  /** What the archive says of itself. */
  facts: ArchiveFacts;
}

/**
 * Dump a MongoDB, or one of its databases, and hand the archive to `use` while it comes. The archive's stream ends only
 * when mongodump ended with 0 and wrote all that it announced, and `check` has nothing against it.
 *
 * @throws {SlipwayError} when mongodump cannot be started or fails, or its archive is damaged
 */
export async function withDump<T>(
  place: MongodbPlace,
  options: DumpOptions,
  signal: AbortSignal,
  use: (archive: ByteStream) => Promise<T>,
  check?: (facts: ArchiveFacts) => void,
): Promise<Dumped<T>> {
  const running = await start(place, options, signal);
  const archive = guardedArchive(running.stdout, check);
  try {
    const result = await use(archive.stream);
    await running.done;
    return { result, facts: archive.facts() };
  } catch (error) {
    throw mongodbFailure(error);
  }
}

/**
 * Names of the collections that there are, with their databases. mongodump tells them before the first document, and is
 * ended then.
 *
 * @throws {SlipwayError} when mongodump cannot be started, or fails before it tells them
 */
export async function listCollections(
  place: MongodbPlace,
  options: DumpOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const running = await start(place, options, signal);
  const reader = createArchiveReader();
  try {
    for await (const piece of running.stdout) {
      reader.push(piece);
      const announced = reader.announced();
      if (announced !== undefined) {
        return announced.map(({ database, name }) => `${database}.${name}`);
      }
    }
    reader.end();
    return [];
  } catch (error) {
    throw mongodbFailure(error);
  }
}

async function start(place: MongodbPlace, options: DumpOptions, signal: AbortSignal) {
  const program = dumpProgram(place.path, place.target, options);
  try {
    return await place.run(program, { signal });
  } catch (error) {
    throw toolMissing("mongodump", error);
  }
}
