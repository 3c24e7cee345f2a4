import { z } from "zod";
import { SlipwayError } from "../core/errors.ts";
import type { ArchiveFacts } from "./archive.ts";

/** What a record knows of a backup of MongoDB. */
export interface MongodbBackupDetails {
  /** The database; absent where it is all of the server. */
  database?: string;
  /** Version of the server. */
  serverVersion: string;
  /** Version of mongodump. */
  toolVersion: string;
  /** Whether mongodump ran beside the task, or in the server's own pod. */
  via: "connection" | "exec";
  /** How many changes that were made meanwhile it has; absent where it was taken without them. */
  oplogEntries?: number;
  /** How many documents each collection has, by its name with its database: `shop.orders`. */
  collections: Record<string, number>;
  /** Views, by their names with their databases. */
  views: string[];
}

const schema = z.object({
  database: z.string().optional(),
  serverVersion: z.string(),
  toolVersion: z.string(),
  via: z.enum(["connection", "exec"]),
  oplogEntries: z.number().optional(),
  collections: z.record(z.string(), z.number()),
  views: z.array(z.string()),
});

/** What the record of a dump knows, from what was read while it passed. */
export function mongodbDetails(
  { serverVersion, toolVersion, collections, oplogEntries }: ArchiveFacts,
  { database, via }: Pick<MongodbBackupDetails, "database" | "via">,
): MongodbBackupDetails {
  return {
    ...database === undefined ? {} : { database },
    serverVersion,
    toolVersion,
    via,
    ...oplogEntries === undefined ? {} : { oplogEntries },
    collections: Object.fromEntries(
      collections.filter(({ view }) => !view).map(
        (collection) => [`${collection.database}.${collection.name}`, collection.documents],
      ),
    ),
    views: collections.filter(({ view }) => view).map(({ database, name }) =>
      `${database}.${name}`
    ),
  };
}

/**
 * The details of a record.
 *
 * @throws {SlipwayError} when they are not those of a backup of MongoDB
 */
export function readMongodbDetails(
  { id, details }: { id: string; details: Record<string, unknown> },
): MongodbBackupDetails {
  const { success, data, error } = schema.safeParse(details);
  if (success) {
    const { database, oplogEntries, ...rest } = data;
    return {
      ...rest,
      ...database === undefined ? {} : { database },
      ...oplogEntries === undefined ? {} : { oplogEntries },
    };
  }
  const [issue] = error.issues;
  throw new SlipwayError(
    `Cannot use the backup ${id}: its record is none of MongoDB: ${
      issue?.path.join(".")
    }: ${issue?.message}`,
    { remedy: "use another backup" },
  );
}
