import { SlipwayError } from "../core/errors.ts";

/** How many bytes the name of a database may have. Source: PostgreSQL, "Lexical Structure", NAMEDATALEN. */
const nameBytes = 63;

/** What comes after the name of the database in that of one that a restore makes. */
export type RestoreNameKind = "restoring" | "restored" | "before";

/**
 * Name of a database that a restore makes: `shop_restored_20261121t030000z_3fa9c2` from the backup of that id. The
 * name of the database is cut where it would be too long; a few digits of its checksum keep two such apart.
 */
export async function restoreName(
  database: string,
  kind: RestoreNameKind,
  id: string,
): Promise<string> {
  const suffix = `_${kind}_${id.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;
  const room = nameBytes - suffix.length;
  const bytes = new TextEncoder().encode(database);
  if (bytes.length <= room) return `${database}${suffix}`;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 6);
  return `${cut(bytes, room - hash.length - 1)}_${hash}${suffix}`;
}

/** What a restore writes as the comment of a database, so that a later run knows what it is. */
export interface RestoreMark {
  /** `restoring` until the database passed its checks; `before` of what it took the place of. */
  state: "restoring" | "before";
  /** Name that the database is to have, or had. */
  database: string;
  /** Name of the database that was backed up. */
  source: string;
  /** Id of the backup. */
  backup: string;
  /** When the restore began, as RFC 3339 in UTC. */
  startedAt: string;
  /** Comment that the database had of its own. */
  comment?: string;
}

const words = {
  restoring: "slipway is restoring this; it is not finished",
  before: "slipway put this aside for a restore",
} as const;

/** The comment of a marked database. */
export function writeMark(mark: RestoreMark): string {
  return `${words[mark.state]}: ${JSON.stringify(mark)}`;
}

/** What a comment says; undefined for a comment that no restore wrote. */
export function readMark(comment: string | null): RestoreMark | undefined {
  const begin = comment?.indexOf("{") ?? -1;
  if (comment === null || !Object.values(words).some((each) => comment.startsWith(`${each}: `))) {
    return undefined;
  }
  try {
    const found = JSON.parse(comment.slice(begin)) as Partial<Record<keyof RestoreMark, unknown>>;
    const { state, database, source, backup, startedAt } = found;
    const texts = [database, source, backup, startedAt];
    const known = (state === "restoring" || state === "before") &&
      texts.every((text) => typeof text === "string");
    return known ? found as RestoreMark : undefined;
  } catch {
    return undefined;
  }
}

/** Check that Postgres takes a name whole. @throws {SlipwayError} when a database cannot have it */
export function checkDatabaseName(name: string): void {
  const length = new TextEncoder().encode(name).length;
  if (length > 0 && length <= nameBytes && !name.includes("\0")) return;
  throw new SlipwayError(
    `Cannot name a database "${name}": it has ${length} bytes, wanted 1 to ${nameBytes}`,
  );
}

/** At most this many bytes, and no half of a character. */
function cut(bytes: Uint8Array, length: number): string {
  let end = length;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}
