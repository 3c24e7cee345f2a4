import { dirname } from "node:path";
import { findDebianProgram, initdb } from "./debian_program.ts";
import { postgresClients } from "./postgres_client.ts";

/**
 * Folder of PostgreSQL 15's clients and its server, for `SLIPWAY_PG_BIN`. Where they come from unpacked packages,
 * programs in `folder` start them with their libraries.
 */
export async function postgresPrograms(folder: string): Promise<string> {
  const clients = await postgresClients(folder);
  const { path, env } = await findDebianProgram(initdb);
  if (clients !== folder) return clients;
  for (const name of ["initdb", "postgres"]) {
    await Deno.writeTextFile(
      `${folder}/${name}`,
      `#!/bin/sh\nLD_LIBRARY_PATH='${env["LD_LIBRARY_PATH"] ?? ""}' exec '${
        dirname(path)
      }/${name}' "$@"\n`,
      { mode: 0o755 },
    );
  }
  return folder;
}
