/** What backups are made of. */
export interface BackupSource {
  /** Kind of thing, such as `vault`. */
  kind: string;
  /** What it belongs to: platform and environment, such as `shop-production`. */
  scope: string;
  /** Its name there. */
  name: string;
}

/** A file of a backup, by its name in the store. */
export interface BackupFile {
  /** Id of the backup. */
  id: string;
  /** What follows the id: `json` for the record. */
  suffix: string;
}

/** What follows the id in the name of a backup's record. */
export const recordSuffix = "json";

const filePattern = /^(\d{8}T\d{6}Z-[0-9a-f]{6})\.([a-z0-9][a-z0-9.-]*)$/;

/**
 * Id of a backup that begins now: the time in UTC and six random digits, which keep two of the same second apart. Ids
 * are in the order of time: `20261121T030000Z-3fa9c2`.
 */
export function backupId(now: Temporal.Instant, random: () => number): string {
  const time = now.round({ smallestUnit: "second", roundingMode: "floor" }).toString().replaceAll(
    /[-:]/g,
    "",
  );
  return `${time}-${Math.floor(random() * 2 ** 24).toString(16).padStart(6, "0")}`;
}

/**
 * Folder of a source's backups in the store, with a slash at its end: what begins with it belongs to this source and
 * to no other, whatever their names.
 */
export function folderOf({ kind, scope, name }: BackupSource): string {
  return `${[kind, scope, name].map(encodePart).join("/")}/`;
}

/** Name in the store of a file of a backup. */
export function fileName(source: BackupSource, { id, suffix }: BackupFile): string {
  return `${folderOf(source)}${id}.${suffix}`;
}

/** The file that a name in a source's folder means; undefined for what is none of a backup. */
export function readFileName(source: BackupSource, name: string): BackupFile | undefined {
  const folder = folderOf(source);
  if (!name.startsWith(folder)) return undefined;
  const [, id, suffix] = filePattern.exec(name.slice(folder.length)) ?? [];
  return id === undefined || suffix === undefined ? undefined : { id, suffix };
}

/** How messages name a source: `vault shop-production/main`. */
export function nameOfSource({ kind, scope, name }: BackupSource): string {
  return `${kind} ${scope}/${name}`;
}

/** Letters, digits, `_`, `-` and inner dots stand for themselves; of all else the UTF-8 bytes, as in URLs. */
function encodePart(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte, at) => {
    const sign = String.fromCharCode(byte);
    const plain = byte < 0x80 && (/[A-Za-z0-9_-]/.test(sign) || (sign === "." && at > 0));
    return plain ? sign : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
