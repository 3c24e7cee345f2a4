import { dirname } from "node:path";
import { type DebianProgram, findDebianProgram } from "./debian_program.ts";
import type { PostgresProcess } from "./postgres_process.ts";

/** PostgreSQL's client for dumps, beside its other ones. */
const pgDump: DebianProgram = {
  name: "pg_dump",
  package: "postgresql-client-15",
  libraries: ["libpq5", "libldap-2.5-0", "libsasl2-2", "libgssapi-krb5-2"],
  folder: "usr/lib/postgresql/15/bin",
  isVersioned: true,
};

const programs = ["pg_dump", "pg_dumpall", "pg_restore", "psql"];

/**
 * Folder of PostgreSQL 15's clients, for `SLIPWAY_PG_BIN`. Where they come from an unpacked package, programs in
 * `folder` start them with its libraries.
 */
export async function postgresClients(folder: string): Promise<string> {
  const found = await findDebianProgram(pgDump);
  if (found.env["LD_LIBRARY_PATH"] === undefined) return dirname(found.path);
  await writeStarters(folder, programs, found);
  return folder;
}

/** Programs in `folder` that start those beside one that was found, with its libraries. */
export async function writeStarters(
  folder: string,
  names: readonly string[],
  { path, env }: { path: string; env: Readonly<Record<string, string>> },
): Promise<void> {
  for (const name of names) {
    await Deno.writeTextFile(
      `${folder}/${name}`,
      `#!/bin/sh\nLD_LIBRARY_PATH='${env["LD_LIBRARY_PATH"] ?? ""}' exec '${
        dirname(path)
      }/${name}' "$@"\n`,
      { mode: 0o755 },
    );
  }
}

/**
 * Process ids of children of this process that run a program for a server's superuser, by his password. Tests beside
 * this one are in the same process, with servers of their own.
 */
export async function clientsOf(
  { password }: Pick<PostgresProcess, "password">,
  program: string,
): Promise<number[]> {
  const found: number[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    // Source: proc_pid_stat(5): pid, name in parentheses, state, parent.
    const [, command, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(stat) ?? [];
    if (command !== program || Number(parent) !== Deno.pid) continue;
    const variables = await Deno.readTextFile(`/proc/${pid}/environ`).catch(() => "");
    if (variables.split("\0").includes(`PGPASSWORD=${password}`)) found.push(Number(pid));
  }
  return found;
}
