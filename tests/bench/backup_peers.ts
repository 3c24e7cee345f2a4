import type { BackupGround } from "./backup_ground.ts";
import type { TimedCommand } from "./timed.ts";

/** Another way to back a database up. */
export interface BackupPeer {
  /** What figures call it. */
  name: string;
  /** How often as fast ours is wanted to be. */
  wanted?: number;
  /** Its command. */
  command: (ground: BackupGround, database: string) => TimedCommand;
}

/** What people write into a crontab; the first does the same as our task, as far as a pipeline can. */
export const backupPeers: readonly BackupPeer[] = [
  {
    name: "pg_dump | zstd | age | rclone",
    wanted: 0.9,
    command: ({ shell }, DATABASE) =>
      shell(
        '"$PG_BIN/pg_dump" --format=custom --compress=0 "$DATABASE" | "$ZSTD" -q | ' +
          '"$AGE" -r "$RECIPIENT" | "$RCLONE" rcat store:backups/peer',
        { DATABASE },
      ),
  },
  {
    name: "pg_dump | gzip to a file",
    wanted: 2,
    command: ({ shell }, DATABASE) =>
      shell('"$PG_BIN/pg_dump" "$DATABASE" | gzip > dump.sql.gz', { DATABASE }),
  },
  {
    name: "pg_dump -Z gzip to a file",
    command: ({ shell }, DATABASE) =>
      shell('"$PG_BIN/pg_dump" --format=custom --file=dump.pgdump "$DATABASE"', { DATABASE }),
  },
];

/** Restore what the first of {@linkcode backupPeers} stored. */
export function restorePeer({ shell }: BackupGround, DATABASE: string): TimedCommand {
  return shell(
    '"$PG_BIN/psql" --quiet --no-psqlrc --command="CREATE DATABASE \\"$DATABASE\\"" postgres; ' +
      '"$RCLONE" cat store:backups/peer | "$AGE" -d -i "$IDENTITY" | "$ZSTD" -q -d | ' +
      '"$PG_BIN/pg_restore" --exit-on-error --dbname="$DATABASE"',
    { DATABASE },
  );
}

/** Print the SHA-256 of a dump of a database as text, without what differs from dump to dump. */
export function dumpSum({ shell }: BackupGround, DATABASE: string): TimedCommand {
  return shell(
    `"$PG_BIN/pg_dump" "$DATABASE" | grep -avE '^\\\\(un)?restrict ' | sha256sum`,
    { DATABASE },
  );
}

/** Remove all that was stored, by whomever. */
export function clearStore({ shell }: BackupGround): TimedCommand {
  return shell('"$RCLONE" delete store:backups; rm -f dump.sql.gz dump.pgdump', {});
}
