import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import { runHere } from "../../local/run_program.ts";
import { accessByConnection, type PostgresAccess } from "../../postgres/access.ts";
import { type ThrowawayOptions, withThrowawayServer } from "../../postgres/server.ts";
import { findPostgresTools, type PostgresTool } from "../../postgres/tools.ts";
import { currentHolder, hasEnded } from "../holder.ts";

/** How a throwaway server is to be. */
export interface ThrowawayRequest extends Pick<ThrowawayOptions, "runAs"> {
  /** Its major version. */
  major: number;
  /** Folder for its data. @default TMPDIR, else /tmp */
  scratch?: string;
}

const prefix = "slipway-verify-";
const ownerFile = "owner";
const needs: readonly PostgresTool[] = ["postgres", "initdb", "pg_restore"];

/**
 * Do something with a Postgres server of this machine that is made for it, and is gone with its data afterwards. What
 * a run that was killed left is removed first.
 *
 * @throws {SlipwayError} when this machine has no such version, or it does not start
 */
export async function withThrowawayPostgres<T>(
  { major, scratch, runAs }: ThrowawayRequest,
  context: Context,
  work: (access: PostgresAccess) => Promise<T>,
): Promise<T> {
  const { env, redactor, signal } = context;
  const run = runHere(context);
  const tools = await findPostgresTools(major, { env, run, signal, needs, exact: true });
  const parent = resolve(context.cwd, scratch ?? (env("TMPDIR") || "/tmp"));
  await clearAbandoned(parent, context);
  const folder = await makeFolder(parent);
  try {
    await Deno.writeTextFile(`${folder}/${ownerFile}`, (await currentHolder(env)).process);
    const options = { tools, run, folder, redactor, signal, ...runAs && { runAs } };
    return await withThrowawayServer(options, async (server) => {
      const access = await accessByConnection({
        target: server.target("postgres"),
        login: server.login,
        files: {},
        ...{ run, redactor, signal, needs },
        // The client's programs stand beside the server's.
        env: (name) => name === "SLIPWAY_PG_BIN" ? tools.folder : env(name),
      });
      return await work({ ...access, name: `a throwaway PostgreSQL ${tools.version}` });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function makeFolder(parent: string): Promise<string> {
  try {
    return await Deno.makeTempDir({ dir: parent, prefix });
  } catch (error) {
    throw new UsageError(`Cannot make a folder in ${parent}: ${messageOf(error)}`, {
      remedy: "name a folder with room for the restored database with --scratch",
      cause: error,
    });
  }
}

/** Data that a killed run left is nobody's, and lies open on the disk. Its server ended with the run. */
async function clearAbandoned(parent: string, { emit }: Context): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(parent)).catch(() => []);
  for (const { name, isDirectory } of entries) {
    const folder = `${parent}/${name}`;
    if (!isDirectory || !name.startsWith(prefix)) continue;
    try {
      const process = await Deno.readTextFile(`${folder}/${ownerFile}`);
      if (!await hasEnded(process)) continue;
      await endServer(folder);
      await Deno.remove(folder, { recursive: true });
    } catch {
      // Another user's, or one that is just being made or removed.
      continue;
    }
    emit({
      type: "note",
      level: "warning",
      message: `removed ${folder}, which a verification that was killed left`,
    });
  }
}

/** Where a server could not be made to end with its run. Its number may be another process's by now. */
async function endServer(folder: string): Promise<void> {
  const lock = await Deno.readTextFile(`${folder}/data/postmaster.pid`).catch(() => "");
  const pid = Number(lock.split("\n")[0]);
  if (!(pid > 1)) return;
  const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  if (!command.split("\0").includes(`${folder}/data`)) return;
  Deno.kill(pid, "SIGQUIT");
  throw new SlipwayError("it ends just now; the next run removes its folder");
}
