import { UsageError } from "../core/errors.ts";

/** Longest name of a database, in bytes. Source: MongoDB, "Limits and Thresholds". */
const mostBytes = 63;

/** Databases that a server needs for itself. */
const own = ["admin", "config", "local"];

/**
 * Name of a database that a backup is restored into beside the one that it is of. It says which backup it was, and what
 * is too long for that is cut from the database's own name.
 */
export function restoredName(database: string, id: string): string {
  const suffix = `_restored_${id}`;
  let name = database;
  while (bytesOf(name + suffix) > mostBytes) name = [...name].slice(0, -1).join("");
  return name + suffix;
}

/**
 * Refuse a name that no database can have, or none that is restored into.
 *
 * @throws {UsageError} when it is such a name
 */
export function checkDatabaseName(name: string): void {
  const because = name === ""
    ? "it is empty"
    : /[/\\. "$\0]/.test(name)
    ? 'it has one of / \\ . " $ or a space, which no database may have'
    : bytesOf(name) > mostBytes
    ? `it has ${bytesOf(name)} bytes, wanted at most ${mostBytes}`
    : own.includes(name)
    ? "it is the server's own"
    : undefined;
  if (because !== undefined) {
    throw new UsageError(`Cannot restore into the database "${name}": ${because}`);
  }
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
