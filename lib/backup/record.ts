import { z } from "zod";
import { SlipwayError } from "../core/errors.ts";

/** Size and checksum of some bytes. */
export interface Measure {
  /** Size in bytes. */
  sizeBytes: number;
  /** SHA-256, in lower-case hexadecimal digits. */
  sha256: string;
}

/** One object that a backup consists of. */
export interface BackupObject {
  /** What follows the backup's id in its name in the store, such as `snap.age`. */
  suffix: string;
  /** How it was compressed before it was encrypted; absent where it was not. */
  compression?: "zstd";
  /** Who wrote it, where that was the system that is backed up, and age did not encrypt it. */
  writtenBy?: "source";
  /** Before it was compressed and encrypted. */
  plain: Measure;
  /** As it is stored. */
  stored: Measure;
}

/**
 * What is known of a backup. It is written last: a backup without its record does not exist. Later versions of Slipway
 * may add fields, which older ones skip. `docs/backups.md` specifies it.
 */
export interface BackupRecord {
  /** Version of this format. */
  format: 1;
  /** Kind of thing that was backed up, such as `vault`. */
  kind: string;
  /** Platform and environment, such as `shop-production`. */
  scope: string;
  /** Name of the thing there. */
  name: string;
  /** One of several things in it, such as a database of a server. */
  item?: string;
  /** Id of the backup. */
  id: string;
  /** When it began, as RFC 3339 in UTC. */
  createdAt: string;
  /** How long it took, in milliseconds. */
  durationMs: number;
  /** What made it, such as `slipway 0.1.0`. */
  tool: string;
  /** What it consists of. */
  objects: BackupObject[];
  /** age recipients, any of whom can decrypt it; none where it is not encrypted. */
  recipients: string[];
  /** What only this kind of thing has. */
  details: Record<string, unknown>;
}

const measure = z.object({
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hexadecimal digits"),
});

const object = z.object({
  suffix: z.string().min(1),
  compression: z.literal("zstd").optional(),
  writtenBy: z.literal("source").optional(),
  plain: measure,
  stored: measure,
});

const recordSchema = z.object({
  format: z.literal(1),
  kind: z.string().min(1),
  scope: z.string().min(1),
  name: z.string().min(1),
  item: z.string().min(1).optional(),
  id: z.string().min(1),
  createdAt: z.string().refine(isInstant, "expected a time such as 2026-11-21T03:00:00Z"),
  durationMs: z.number().nonnegative(),
  tool: z.string().min(1),
  objects: z.array(object).min(1),
  recipients: z.array(z.string()),
  details: z.record(z.string(), z.unknown()),
});

/** The text of a record. */
export function writeRecord(record: BackupRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/**
 * Read the text of a record.
 *
 * @throws {SlipwayError} when it is none, or of a later format
 */
export function readRecord(text: string, where: string): BackupRecord {
  const because = (words: string) =>
    new SlipwayError(`Cannot use the backup record ${where}: ${words}`, {
      remedy: "use another backup; if the store has older versions of the record, put one back",
    });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw because("it is no JSON");
  }
  const { format } = (found ?? {}) as { format?: unknown };
  if (typeof format === "number" && format > 1) {
    throw new SlipwayError(
      `Cannot use the backup record ${where}: its format is ${format}, wanted 1`,
      { remedy: "use a later version of Slipway" },
    );
  }
  const { success, data, error } = recordSchema.safeParse(found);
  if (success) return data;
  const [issue] = error.issues;
  throw because(`${issue?.path.join(".") || "it"}: ${issue?.message}`);
}

/**
 * The object of a backup with this suffix, or with one that adds how it is stored, as `dump.zst.age` does to `dump`.
 *
 * @throws {SlipwayError} when it has none
 */
export function objectOf(
  { id, objects }: Pick<BackupRecord, "id" | "objects">,
  suffix: string,
): BackupObject {
  const found = objects.find((object) =>
    object.suffix === suffix || object.suffix.startsWith(`${suffix}.`)
  );
  if (found !== undefined) return found;
  throw new SlipwayError(`Cannot use the backup ${id}: its record names no object ${suffix}`, {
    remedy: "use another backup",
  });
}

function isInstant(text: string): boolean {
  try {
    Temporal.Instant.from(text);
    return true;
  } catch {
    return false;
  }
}
