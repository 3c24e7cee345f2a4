/** A name as statements have it. Source: ClickHouse, SQL reference, "Identifiers". */
export function identifier(name: string): string {
  return `\`${escaped(name, "`")}\``;
}

/** A text as statements have it. Source: ClickHouse, SQL reference, "String". */
export function text(value: string): string {
  return `'${escaped(value, "'")}'`;
}

/** Where ClickHouse writes a backup, or reads it. */
export type ClickHouseDestination =
  | {
    /** URL of the object, as the server reaches it. */
    url: string;
    /** Id of the key. */
    accessKeyId: string;
    /** The key itself, which servers from 23.3 on hide in their logs. */
    secretAccessKey: string;
  }
  | {
    /** Named collection of the server's configuration with `url`, `access_key_id` and `secret_access_key`. */
    collection: string;
    /** Name of the object below that URL. */
    path: string;
  };

/** What a BACKUP or RESTORE is about. */
export interface ClickHouseOperation {
  /** The database; the one in the backup, when it is restored. */
  database: string;
  /** Name that it gets when it is restored. @default its own */
  as?: string;
  /** A zip archive. */
  destination: ClickHouseDestination;
  /** By which the server tells how far it has come. */
  id: string;
  /** Encrypts the archive, or decrypts it. */
  password?: string;
}

/**
 * BACKUP of a database into a zip archive. Parts are compressed already, so the archive is not.
 * Source: ClickHouse, "Backup and restore".
 */
export function backupStatement(
  { database, destination, id, password }: ClickHouseOperation,
): string {
  const settings = { id, compression_method: "store", password };
  return `BACKUP DATABASE ${identifier(database)} TO ${s3(destination)}${
    settingsOf(settings)
  } ASYNC`;
}

/** RESTORE of a database from a zip archive. */
export function restoreStatement(
  { database, as = database, destination, id, password }: ClickHouseOperation,
): string {
  const renamed = as === database ? "" : ` AS ${identifier(as)}`;
  return `RESTORE DATABASE ${identifier(database)}${renamed} FROM ${s3(destination)}${
    settingsOf({ id, password })
  } ASYNC`;
}

function s3(destination: ClickHouseDestination): string {
  const words = "collection" in destination
    ? [identifier(destination.collection), text(destination.path)]
    : [destination.url, destination.accessKeyId, destination.secretAccessKey].map(text);
  return `S3(${words.join(", ")})`;
}

function settingsOf(settings: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${text(value)}`]
  );
  return ` SETTINGS ${given.join(", ")}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\\": "\\\\",
};

function escaped(value: string, quote: string): string {
  return value.replace(
    /[\0\n\r\t\\'`]/g,
    (sign) => escapes[sign] ?? (sign === quote ? `\\${sign}` : sign),
  );
}
