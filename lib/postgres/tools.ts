import { delimiter, join } from "node:path";
import { SlipwayError } from "../core/errors.ts";
import type { RunProgram } from "../core/program.ts";

/** Programs of PostgreSQL that are used here. */
export type PostgresTool =
  | "pg_dump"
  | "pg_dumpall"
  | "pg_restore"
  | "psql"
  | "initdb"
  | "postgres";

/** Programs of one version of PostgreSQL, which stand together. */
export interface PostgresTools {
  /** Its major version, such as 15. */
  major: number;
  /** Its version, such as `15.18`. */
  version: string;
  /** Folder that they are in; undefined where they are found by their names, as in a pod. */
  folder: string | undefined;
  /** What starts one of them: its path, or its name where `folder` is undefined. */
  path(tool: PostgresTool): string;
}

/** What is needed to look for programs. */
export interface ToolSearch {
  /** The value of an environment variable; `SLIPWAY_PG_BIN` names a folder that is looked into first. */
  env: (name: string) => string | undefined;
  /** Starts the programs that are found, to ask for their version. */
  run: RunProgram;
  /** Ends the search. */
  signal: AbortSignal;
  /** Programs that the folder must have. @default ["pg_dump", "pg_dumpall", "pg_restore"] */
  needs?: readonly PostgresTool[];
  /** Whether a newer major version will not do, as for a throwaway server. @default false */
  exact?: boolean;
}

/** Where packages put them; `*` stands for one name. Sources: Debian and PGDG, RHEL, Alpine, Homebrew, Postgres.app. */
const patterns = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/usr/libexec/postgresql*",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/opt/homebrew/opt/libpq/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/usr/local/opt/libpq/bin",
  "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/**
 * Find the programs for a server: those of its own major version, else of the nearest newer one. pg_dump refuses
 * servers that are newer than itself. Source: PostgreSQL, pg_dump, "Notes".
 *
 * @throws {SlipwayError} when there are none, or only older ones
 */
export async function findPostgresTools(
  serverMajor: number,
  search: ToolSearch,
): Promise<PostgresTools> {
  const { env, needs = ["pg_dump", "pg_dumpall", "pg_restore"], exact = false } = search;
  const named = env("SLIPWAY_PG_BIN");
  const folders = named !== undefined && named !== ""
    ? [named]
    : [...await packaged(), ...(env("PATH") ?? "").split(delimiter).filter((each) => each !== "")];
  const found: PostgresTools[] = [];
  for (const folder of new Set(folders)) {
    const tools = await toolsIn(folder, needs, search);
    if (tools?.major === serverMajor) return tools;
    if (tools !== undefined) found.push(tools);
  }
  const newer = found.filter(({ major }) => major > serverMajor)
    .toSorted((a, b) => a.major - b.major)[0];
  if (newer !== undefined && !exact) return newer;
  const known = found.map(({ version, folder }) => `${version} in ${folder}`).join(", ");
  const wanted = exact ? `${serverMajor}` : `${serverMajor} or newer`;
  throw new SlipwayError(
    `Cannot find ${needs.join(", ")} of PostgreSQL ${wanted}: ${
      known === "" ? `none is in ${describe(named)}` : `found only ${known}`
    }`,
    { remedy: remedyFor(serverMajor, needs) },
  );
}

/**
 * Programs that are found by their names, such as those of a database's own pod.
 *
 * @throws {SlipwayError} when there is no pg_dump
 */
export async function namedPostgresTools(
  run: RunProgram,
  { signal }: { signal: AbortSignal },
): Promise<PostgresTools> {
  const version = await versionOf("pg_dump", run, signal);
  return { ...version, folder: undefined, path: (tool) => tool };
}

/** Major and full version in what a program or a server says of itself: `15.18 (Debian 15.18-0+deb12u1)`, `17beta1`. */
export function readPostgresVersion(text: string): { major: number; version: string } | undefined {
  const [version, major] = /\b(\d+)(?:\.\d+|beta\d+|rc\d+|devel)\b/.exec(text) ?? [];
  return version === undefined ? undefined : { major: Number(major), version };
}

async function toolsIn(
  folder: string,
  needs: readonly PostgresTool[],
  { run, signal }: ToolSearch,
): Promise<PostgresTools | undefined> {
  const path = (tool: PostgresTool) => join(folder, tool);
  for (const tool of needs) if (!await isFile(path(tool))) return undefined;
  try {
    return { ...await versionOf(path(needs[0]!), run, signal), folder, path };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

async function versionOf(
  program: string,
  run: RunProgram,
  signal: AbortSignal,
): Promise<{ major: number; version: string }> {
  const running = await run({ argv: [program, "--version"] }, { signal });
  const text = await new Response(running.stdout).text();
  await running.done;
  const version = readPostgresVersion(text);
  if (version !== undefined) return version;
  throw new SlipwayError(`Cannot tell the version of ${program}: it says "${text.trim()}"`);
}

async function packaged(): Promise<string[]> {
  const folders = await Promise.all(patterns.map(expand));
  return folders.flat();
}

async function expand(pattern: string): Promise<string[]> {
  const parts = pattern.split("/");
  const at = parts.findIndex((part) => part.includes("*"));
  if (at < 0) return [pattern];
  const parent = parts.slice(0, at).join("/");
  const [before = "", after = ""] = parts[at]!.split("*");
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(parent)) {
      if (name.startsWith(before) && name.endsWith(after)) names.push(name);
    }
  } catch {
    return [];
  }
  return names.map((name) => [parent, name, ...parts.slice(at + 1)].join("/"));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

function describe(named: string | undefined): string {
  return named === undefined || named === ""
    ? "PATH, or where packages put them"
    : `${named}, which SLIPWAY_PG_BIN names`;
}

function remedyFor(major: number, needs: readonly PostgresTool[]): string {
  const server = needs.some((tool) => tool === "initdb" || tool === "postgres");
  return server
    ? `install the package postgresql-${major}, or name its folder of programs in SLIPWAY_PG_BIN`
    : `install the package postgresql-client-${major}, name its folder of programs in SLIPWAY_PG_BIN, or use the ones in the database's own pod with --via exec`;
}
