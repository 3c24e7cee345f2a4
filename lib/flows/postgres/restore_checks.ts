import { statfs } from "node:fs/promises";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { formatBytes } from "../../core/units.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import type { PostgresBackupDetails } from "../../postgres/details.ts";
import type { SqlSession } from "../../postgres/sql_session.ts";
import { readPostgresVersion } from "../../postgres/tools.ts";
import { maintenance } from "./maintenance.ts";

/** What is to be restored. */
export interface CheckOptions {
  /** Id of the backup. */
  id: string;
  /** What is known of the database. */
  details: PostgresBackupDetails;
}

/** How much more room than the database took where it was, for what comes and goes while it is restored. */
const roomFactor = 1.1;

/**
 * Refuse, before anything is done, what cannot end well: a server that is a standby, older than the backup, without an
 * extension that the database has, or without room for it.
 *
 * @throws {SlipwayError} with what to do about it
 */
export async function checkServer(
  access: PostgresAccess,
  { id, details }: CheckOptions,
  context: Context,
): Promise<void> {
  checkVersions(access, { id, details });
  await maintenance(access, details.database, async (session) => {
    await checkExtensions(session, details, context);
    await checkRoom(session, access, details, context);
  });
}

function checkVersions(
  { name, server, programs }: PostgresAccess,
  { id, details }: CheckOptions,
): void {
  if (server.standby) {
    throw new SlipwayError(`Cannot restore to ${name}: it is a standby, which takes no changes`, {
      remedy: "name the primary",
    });
  }
  if (server.major < details.server.major) {
    throw new SlipwayError(
      `Cannot restore to ${name}: its version is ${server.version}, and the backup ${id} is of ${details.server.version}`,
      { remedy: `use a server of version ${details.server.major} or later` },
    );
  }
  const made = readPostgresVersion(details.clientVersion)?.major ?? 0;
  if (programs.tools.major < made) {
    throw new SlipwayError(
      `Cannot restore the backup ${id}: pg_dump ${details.clientVersion} made it, and pg_restore is ${programs.tools.version}`,
      { remedy: `install the package postgresql-client-${made}` },
    );
  }
}

async function checkExtensions(
  session: SqlSession,
  { extensions }: PostgresBackupDetails,
  { emit }: Context,
): Promise<void> {
  const rows = await session.query(
    "SELECT name, default_version AS version FROM pg_available_extensions",
  );
  const available = new Map(rows.map(({ name, version }) => [name, version]));
  const missing = extensions.filter(({ name }) => !available.has(name));
  if (missing.length > 0) {
    throw new SlipwayError(
      `Cannot restore to ${session.name}: the server lacks the extension${
        missing.length > 1 ? "s" : ""
      } ${missing.map(({ name, version }) => `${name} (${version})`).join(", ")}`,
      { remedy: "install their packages on the server; CREATE EXTENSION comes with the backup" },
    );
  }
  const others = extensions.filter(({ name, version }) => available.get(name) !== version);
  if (others.length === 0) return;
  emit({
    type: "note",
    level: "info",
    message: `extensions get the server's versions: ${
      others.map(({ name, version }) => `${name} ${available.get(name)} in place of ${version}`)
        .join(", ")
    }`,
  });
}

async function checkRoom(
  session: SqlSession,
  { name }: PostgresAccess,
  { sizeBytes }: PostgresBackupDetails,
  { emit }: Context,
): Promise<void> {
  const wanted = sizeBytes * roomFactor;
  const free = await freeBytes(session);
  if (free === undefined) {
    emit({
      type: "note",
      level: "info",
      message: `how much room ${name} has cannot be told from here; the database needs about ${
        formatBytes(wanted)
      }`,
    });
    return;
  }
  if (free >= wanted) return;
  throw new SlipwayError(
    `Cannot restore to ${name}: its disk has ${
      formatBytes(free)
    } left, and the database needs about ${formatBytes(wanted)}`,
    { remedy: "make room there, or restore to another server" },
  );
}

/** Free bytes of a server's disk, where that is a disk of this machine; no statement of SQL tells. */
async function freeBytes(session: SqlSession): Promise<number | undefined> {
  const [row] = await session.query(
    "SELECT current_setting('is_superuser') AS superuser, " +
      "floor(extract(epoch FROM pg_postmaster_start_time())) AS started",
  );
  if (row?.["superuser"] !== "on") return undefined;
  const [place] = await session.query("SELECT current_setting('data_directory') AS folder");
  const folder = place?.["folder"] ?? "";
  try {
    // A folder of the same name may well be another server's. Source: PostgreSQL, miscadmin.h, LOCK_FILE_LINE_START_TIME.
    const lock = (await Deno.readTextFile(`${folder}/postmaster.pid`)).split("\n");
    if (Math.abs(Number(lock[2]) - Number(row["started"])) > 1) return undefined;
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
