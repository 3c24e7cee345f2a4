import { join } from "node:path";
import type { ByteStream, Program } from "../core/program.ts";
import type { MongodbTarget } from "./target.ts";

/** Programs of the MongoDB Database Tools that are used here. */
export type MongodbTool = "mongodump" | "mongorestore";

/** Tells what starts a tool: a path, or a name that is looked for in PATH. */
export type ToolPath = (tool: MongodbTool) => string;

/** The tools of this machine, in the folder that `SLIPWAY_MONGODB_BIN` names, or else in PATH. */
export function localTools(env: (name: string) => string | undefined): ToolPath {
  const folder = env("SLIPWAY_MONGODB_BIN") ?? "";
  return (tool) => folder === "" ? tool : join(folder, tool);
}

/** What is to be dumped. */
export interface DumpOptions {
  /** One database. @default all of the server */
  database?: string;
  /** With what changes meanwhile, so that all is as at the dump's end; only of all of a replica set. @default false */
  oplog?: boolean;
}

/**
 * mongodump, which writes an archive to its standard output. It reads the password from its standard input, where no
 * other user of the machine or the pod can see it. Source: MongoDB Database Tools, mongodump.
 */
export function dumpProgram(
  path: ToolPath,
  { uri, password }: MongodbTarget,
  { database, oplog = false }: DumpOptions,
): Program {
  return {
    argv: [
      path("mongodump"),
      `--uri=${uri}`,
      "--archive",
      ...database === undefined ? [] : [`--db=${database}`],
      ...oplog ? ["--oplog"] : [],
    ],
    ...password === undefined ? {} : { stdin: lineThen(password) },
    label: "mongodump",
  };
}

/** What is to be restored, and to where. */
export interface RestoreOptions {
  /** One database of the archive, and the name that it gets. @default all of the archive, under its own names */
  database?: { from: string; to: string };
  /** Drop each collection of the archive first, where it is there. @default false */
  drop?: boolean;
  /** Also what changed during the dump; only with all of an archive that has it. @default false */
  oplog?: boolean;
}

/**
 * mongorestore, which reads an archive from its standard input, after a line with the password. It ends with 0 although
 * documents were refused, unless it is told to stop at the first. Documents that break the rules of their collection
 * were there when it was dumped, and come back. Source: MongoDB Database Tools, mongorestore.
 */
export function restoreProgram(
  path: ToolPath,
  { uri, password }: MongodbTarget,
  archive: ByteStream,
  { database, drop = false, oplog = false }: RestoreOptions,
): Program {
  return {
    argv: [
      path("mongorestore"),
      `--uri=${uri}`,
      "--archive",
      "--stopOnError",
      "--bypassDocumentValidation",
      ...drop ? ["--drop"] : [],
      ...oplog ? ["--oplogReplay"] : [],
      ...database === undefined ? [] : [
        `--nsInclude=${pattern(database.from)}`,
        `--nsFrom=${pattern(database.from)}`,
        `--nsTo=${pattern(database.to)}`,
      ],
    ],
    stdin: password === undefined ? archive : lineThen(password, archive),
    label: "mongorestore",
  };
}

/** All collections of a database, as a pattern. Source: mongo-tools, mongorestore/ns, Escape. */
function pattern(database: string): string {
  return `${database.replace(/[\\*]/g, "\\$&")}.*`;
}

/** How many documents mongorestore says that it restored, and how many it did not; undefined where it does not say. */
export function readRestored(stderr: string): { restored: number; failed: number } | undefined {
  const [, restored, failed] =
    /(\d+) document\(s\) restored successfully\. (\d+) document\(s\) failed to restore/.exec(
      stderr,
    ) ?? [];
  return restored === undefined ? undefined : {
    restored: Number(restored),
    failed: Number(failed),
  };
}

/** A stream that begins with a line of text. */
function lineThen(line: string, rest?: ByteStream): ByteStream {
  const reader = rest?.getReader();
  let begun = false;
  return new ReadableStream({
    async pull(controller) {
      if (!begun) {
        begun = true;
        return controller.enqueue(new TextEncoder().encode(`${line}\n`));
      }
      const next = await reader?.read();
      if (next === undefined || next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader?.cancel(reason),
  }, { highWaterMark: 0 });
}
