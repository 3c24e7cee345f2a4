import type { ByteStream } from "../core/program.ts";
import { ProgramFailed } from "../core/program_failed.ts";
import { SlipwayError } from "../core/errors.ts";
import { type ArchiveEntry, readArchiveList } from "./archive_list.ts";
import { programFailure } from "./program_failure.ts";
import type { PostgresPrograms } from "./programs.ts";

/** A dump in pg_dump's custom format, and what reads it. */
export interface DumpReading {
  /** Programs of the server that it is restored to. */
  programs: PostgresPrograms;
  /** Its bytes, from the beginning, at each call. The stream fails at its end when they are not what was backed up. */
  open(): Promise<ByteStream>;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * The statements of a dump that are about the database itself, as a script.
 *
 * @throws {SlipwayError} when pg_restore cannot read it
 */
export async function databaseScript(reading: DumpReading): Promise<string> {
  // What a schema has is left out when another one is asked for; what the database has itself is not.
  const none = `--schema=slipway-${crypto.randomUUID()}`;
  return await readText(reading, ["--create", "--schema-only", none, "--file=-"]);
}

/** All entries of a dump. @throws {SlipwayError} when pg_restore cannot read it */
export async function listArchive(reading: DumpReading): Promise<ArchiveEntry[]> {
  return readArchiveList(await readText(reading, ["--list"]));
}

/** The statements of some of a dump's entries, as a script. @throws {SlipwayError} when pg_restore cannot read it */
export async function entriesScript(
  reading: DumpReading,
  args: readonly string[],
): Promise<string> {
  return await readText(reading, [...args, "--file=-"]);
}

/** How a dump is restored. */
export interface RestoreOptions {
  /** Name of the database, which is there and empty. */
  database: string;
  /** Options of pg_restore besides. */
  args: readonly string[];
  /** Read the dump to its end, even where pg_restore does not need to. @default true */
  whole?: boolean;
}

/**
 * Restore a dump into a database, up to the first error. It is restored only when this returns: until then nobody knows
 * whether the bytes are those of the backup.
 *
 * @throws {SlipwayError} when pg_restore fails, or the dump was changed or cut off
 */
export async function restoreArchive(
  { programs, open, signal }: DumpReading,
  { database, args, whole = true }: RestoreOptions,
): Promise<void> {
  const tried = `restore to the database ${database} at ${programs.name}`;
  const dump = attended(await open());
  try {
    const running = await programs.start("pg_restore", {
      args: ["--format=custom", "--exit-on-error", ...args, ...programs.connect(database)],
      stdin: dump.stdin,
      signal,
    });
    await running.stdout.pipeTo(new WritableStream());
    await running.done;
  } catch (error) {
    await dump.cancel();
    signal.throwIfAborted();
    throw restoreFailure(tried, error);
  }
  if (whole) await dump.rest();
  else await dump.cancel();
}

async function readText(
  { programs, open, signal }: DumpReading,
  args: readonly string[],
): Promise<string> {
  const dump = attended(await open());
  try {
    const { stdout } = await programs.start("pg_restore", {
      args: ["--format=custom", ...args],
      stdin: dump.stdin,
      signal,
    });
    return await new Response(stdout).text();
  } catch (error) {
    signal.throwIfAborted();
    throw restoreFailure("read the dump", error);
  } finally {
    await dump.cancel();
  }
}

/** A stream for a program that may stop reading it before its end. */
function attended(stream: ByteStream) {
  const reader = stream.getReader();
  return {
    stdin: new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
    }, { highWaterMark: 0 }),
    /** Read what is left, to learn whether all of it was right. */
    async rest(): Promise<void> {
      while (!(await reader.read()).done);
    },
    cancel: () => reader.cancel().catch(() => {}),
  };
}

/** What stands in the way, by what the server says, and what to do. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /role "(.*)" does not exist/,
    "restore roles too (leave out --no-roles), or leave owners and rights out with --no-owner",
  ],
  [
    /must be (superuser|owner|member|able to SET ROLE)|permission denied/,
    "restore with a superuser, or leave owners and rights out with --no-owner",
  ],
  [/No space left on device|could not extend file/, "make room on the server's disk"],
  [/tablespace "(.*)" does not exist/, "make that tablespace, or put all in the default one"],
  [
    /could not open extension control file|is not available|must be loaded via shared_preload_libraries/,
    "install the extension's package on the server, and what it wants in shared_preload_libraries",
  ],
];

/** The error for a pg_restore that failed, without any row of the dump. */
function restoreFailure(tried: string, error: unknown): unknown {
  if (!(error instanceof ProgramFailed)) return error;
  const stderr = withoutData(error.end.stderr);
  const clean = new ProgramFailed({ ...error.end, stderr });
  const [, remedy] = remedies.find(([words]) => words.test(stderr)) ?? [];
  if (remedy === undefined) return programFailure(tried, clean);
  return new SlipwayError(`Cannot ${tried}: ${clean.message}`, { remedy, cause: clean });
}

/** Details and contexts quote rows, and commands quote definitions; which table and line it was is kept. */
function withoutData(stderr: string): string {
  const kept: string[] = [];
  for (const line of stderr.split("\n")) {
    if (/^Command was:/.test(line)) break;
    const place = /^CONTEXT: {2}(COPY .*?, line \d+)/.exec(line)?.[1];
    if (place !== undefined) kept.push(place);
    else if (/^(pg_restore: |HINT:)/.test(line)) kept.push(line);
  }
  return kept.length === 0 ? "" : kept.join("\n");
}
