import { z } from "zod";
import { SlipwayError } from "../core/errors.ts";
import type { BackedUpTable } from "./content.ts";

/** What a record knows of a backup of ClickHouse. */
export interface ClickHouseBackupDetails {
  /** The database. */
  database: string;
  /** Engine of the database, such as `Atomic`. */
  databaseEngine: string;
  /** Version of the server. */
  serverVersion: string;
  /** How many files ClickHouse put into the archive. */
  files: number;
  /** Size of these files, in bytes. */
  filesBytes: number;
  /** Its tables, views and dictionaries, by name. */
  tables: Record<string, BackedUpTable>;
}

const schema = z.object({
  database: z.string(),
  databaseEngine: z.string(),
  serverVersion: z.string(),
  files: z.number(),
  filesBytes: z.number(),
  tables: z.record(
    z.string(),
    z.object({
      engine: z.string(),
      rows: z.object({ least: z.number(), most: z.number() }).optional(),
    }),
  ),
});

/**
 * The details of a record.
 *
 * @throws {SlipwayError} when they are not those of a backup of ClickHouse
 */
export function readClickHouseDetails(
  { id, details }: { id: string; details: Record<string, unknown> },
): ClickHouseBackupDetails {
  const { success, data, error } = schema.safeParse(details);
  if (success) return data;
  const [issue] = error.issues;
  throw new SlipwayError(
    `Cannot use the backup ${id}: its record is none of ClickHouse: ${
      issue?.path.join(".")
    }: ${issue?.message}`,
    { remedy: "use another backup" },
  );
}
