/** What backups are made of. */
export interface BackupSource {
  /** Kind of thing, such as `vault`. */
  kind: string;
  /** What it belongs to: platform and environment, such as `shop-production`. */
  scope: string;
  /** Its name there. */
  name: string;
  /** One of several things in it that have backups of their own, such as a database of a server. */
  item?: string;
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
 * Folder of a source's backups in the store, with a slash at its end. Files right in it belong to this source and to no
 * other, whatever their names; folders in it belong to its items.
 */
export function folderOf({ kind, scope, name, item }: BackupSource): string {
  const parts = [kind, scope, name, ...item === undefined ? [] : [item]];
  return `${parts.map(encodePart).join("/")}/`;
}

/** The source whose folder a name in a store is right in; undefined for what is in no source's folder. */
export function readSourceName(name: string): BackupSource | undefined {
  const parts = name.split("/").slice(0, -1).map(decodePart);
  const [kind, scope, own, item, ...rest] = parts;
  if (kind === undefined || scope === undefined || own === undefined || rest.length > 0) {
    return undefined;
  }
  if (parts.length === 3) return { kind, scope, name: own };
  return item === undefined ? undefined : { kind, scope, name: own, item };
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

/** How messages name a source: `vault shop-production/main`, `postgres shop-production/main/orders`. */
export function nameOfSource({ kind, scope, name, item }: BackupSource): string {
  return `${kind} ${scope}/${name}${item === undefined ? "" : `/${item}`}`;
}

/** Letters, digits, `_`, `-` and inner dots stand for themselves; of all else the UTF-8 bytes, as in URLs. */
function encodePart(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte, at) => {
    const sign = String.fromCharCode(byte);
    const plain = byte < 0x80 && (/[A-Za-z0-9_-]/.test(sign) || (sign === "." && at > 0));
    return plain ? sign : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** What {@linkcode encodePart} made; undefined for what it would have written otherwise. */
function decodePart(part: string): string | undefined {
  try {
    const text = decodeURIComponent(part);
    return text !== "" && encodePart(text) === part ? text : undefined;
  } catch {
    return undefined;
  }
}
