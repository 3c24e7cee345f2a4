import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";
import { createBlockReader } from "./archive_blocks.ts";
import { ArchiveDamaged } from "./archive_damaged.ts";
import { type BsonValue, readBson } from "./bson.ts";
import { type Crc64, createCrc64 } from "./crc64.ts";

/** A collection in an archive. */
export interface ArchiveCollection {
  /** Its database. */
  database: string;
  /** Its name there. */
  name: string;
  /** Whether it is a view, which has no documents of its own. */
  view: boolean;
  /** How many documents of it there are. */
  documents: number;
  /** How many bytes its documents have. */
  sizeBytes: number;
}

/** What an archive of mongodump says of itself. */
export interface ArchiveFacts {
  /** Version of the server that it was taken of, as mongodump told it. */
  serverVersion: string;
  /** Version of the mongodump that wrote it. */
  toolVersion: string;
  /** All collections and views, without the oplog. */
  collections: ArchiveCollection[];
  /** How many entries of the oplog it has; absent where it was taken without it. */
  oplogEntries?: number;
}

/** Reads an archive that comes one piece after the other. */
export interface ArchiveReader {
  /**
   * Take a piece.
   *
   * @throws {ArchiveDamaged} when nothing that follows could make it whole
   */
  push(piece: Uint8Array<ArrayBuffer>): void;
  /** Collections and views that are to come, once all of them are known: before the first document. */
  announced(): readonly Pick<ArchiveCollection, "database" | "name">[] | undefined;
  /**
   * Say that no more comes.
   *
   * @throws {ArchiveDamaged} when it was cut off, be it between two collections
   */
  end(): ArchiveFacts;
}

interface Namespace extends ArchiveCollection {
  crc: Crc64;
  state: "announced" | "begun" | "ended";
}

/**
 * Read an archive of mongodump: a list of all collections, then their documents in segments, and after the last document
 * of each collection a mark with a CRC-64 of all of them. An archive has no mark at its own end: it is whole when each
 * collection that it announced has its mark. Source: mongo-tools, common/archive.
 */
export function createArchiveReader(): ArchiveReader {
  const namespaces = new Map<string, Namespace>();
  const versions = { serverVersion: "", toolVersion: "" };
  let current: Namespace | undefined;
  let listed = false;

  const find = (document: Record<string, BsonValue>): Namespace => {
    const { db, collection } = document;
    if (typeof db !== "string" || typeof collection !== "string") {
      throw new ArchiveDamaged("it has a collection without a name");
    }
    const key = `${db}\0${collection}`;
    const found = namespaces.get(key) ?? {
      ...{ database: db, name: collection, view: false, documents: 0, sizeBytes: 0 },
      ...{ crc: createCrc64(), state: "announced" as const },
    };
    namespaces.set(key, found);
    return found;
  };

  const blocks = createBlockReader({
    archive(bytes) {
      const { server_version = "", tool_version = "" } = parsed(bytes);
      versions.serverVersion = String(server_version);
      versions.toolVersion = String(tool_version);
    },
    collection(bytes) {
      const document = parsed(bytes);
      const { collection, metadata, type } = document;
      // Before MongoDB 8.3, documents of a time series come under the name of the collection behind it.
      const behind = type === "timeseries" && !isFrom(versions.serverVersion, 8, 3);
      const namespace = find(
        behind ? { ...document, collection: `system.buckets.${collection}` } : document,
      );
      namespace.view = type === "view" || isView(String(metadata ?? ""));
    },
    listed: () => listed = true,
    segment(bytes) {
      const document = parsed(bytes);
      current = find(document);
      if (current.state === "ended") throw goesOn(current);
      current.state = document["EOF"] === true ? "ended" : "begun";
      if (current.state === "ended") checkSum(current, document["CRC"]);
    },
    data(piece, start, end) {
      if (current!.state === "ended") throw goesOn(current!);
      current!.crc.update(piece, start, end);
      current!.sizeBytes += end - start;
    },
    documentEnded: () => void current!.documents++,
  });

  return {
    push: (piece) => blocks.push(piece),
    announced: () => listed ? [...namespaces.values()].filter(isCollection) : undefined,
    end() {
      const all = [...namespaces.values()];
      // Older releases of mongodump write nothing for a view.
      const open = all.filter(({ state, view }) =>
        state === "begun" || (state === "announced" && !view)
      );
      const [first] = open;
      if (first !== undefined || !blocks.mayEnd()) throw cutOff(first, open.length - 1);
      const oplog = all.find((namespace) => !isCollection(namespace));
      return {
        ...versions,
        collections: all.filter(isCollection).map((
          { database, name, view, documents, sizeBytes },
        ) => ({ database, name, view, documents, sizeBytes })),
        ...oplog === undefined ? {} : { oplogEntries: oplog.documents },
      };
    },
  };
}

/**
 * An archive that is read while it passes. Its stream fails in place of ending when the archive is damaged, or when
 * `check` throws for what it says of itself.
 */
export function guardedArchive(
  archive: ByteStream,
  check: (facts: ArchiveFacts) => void = () => {},
): {
  /** The archive. */
  stream: ByteStream;
  /** What it says of itself. @throws {ArchiveDamaged} when the stream was not read to its end */
  facts: () => ArchiveFacts;
} {
  const reader = createArchiveReader();
  let facts: ArchiveFacts | undefined;
  return {
    stream: reshaped(archive, {
      chunk(piece) {
        reader.push(piece);
        return piece;
      },
      end() {
        facts = reader.end();
        check(facts);
      },
    }),
    facts() {
      if (facts !== undefined) return facts;
      throw new ArchiveDamaged("it was not read to its end");
    },
  };
}

/** The oplog is a collection of no database. */
function isCollection({ database }: Pick<ArchiveCollection, "database">): boolean {
  return database !== "";
}

/** How messages name a collection: `shop.orders`. */
function nameOf({ database, name }: Pick<ArchiveCollection, "database" | "name">): string {
  return database === "" ? `the ${name}` : `${database}.${name}`;
}

function parsed(bytes: Uint8Array<ArrayBuffer>): Record<string, BsonValue> {
  try {
    return readBson(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArchiveDamaged(`a header of it cannot be read: ${error.message}`, error);
  }
}

function checkSum(namespace: Namespace, wanted: BsonValue | undefined): void {
  const found = namespace.crc.value();
  if (found === wanted) return;
  throw new ArchiveDamaged(
    `the documents of ${
      nameOf(namespace)
    } were changed: their CRC-64 is ${found}, wanted ${wanted}`,
  );
}

function goesOn(namespace: Namespace): ArchiveDamaged {
  return new ArchiveDamaged(`${nameOf(namespace)} goes on after its end`);
}

function cutOff(first: Namespace | undefined, others: number): ArchiveDamaged {
  if (first === undefined) return new ArchiveDamaged("it is cut off");
  const more = others === 0 ? "" : `, nor did ${others} more`;
  return new ArchiveDamaged(`it is cut off: ${nameOf(first)} did not come to its end${more}`);
}

/** Releases that do not tell the type of a collection tell in its options what a view is of. */
function isView(metadata: string): boolean {
  try {
    const { options } = JSON.parse(metadata) as { options?: { viewOn?: unknown } };
    return options?.viewOn !== undefined;
  } catch {
    return false;
  }
}

function isFrom(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
