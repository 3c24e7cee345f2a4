import { findDebianProgram, initdb } from "./debian_program.ts";
import { postgresClients, writeStarters } from "./postgres_client.ts";

/**
 * Folder of PostgreSQL 15's clients and its server, for `SLIPWAY_PG_BIN`. Where they come from unpacked packages,
 * programs in `folder` start them with their libraries.
 */
export async function postgresPrograms(folder: string): Promise<string> {
  const clients = await postgresClients(folder);
  const found = await findDebianProgram(initdb);
  if (clients !== folder) return clients;
  await writeStarters(folder, ["initdb", "postgres"], found);
  return folder;
}
