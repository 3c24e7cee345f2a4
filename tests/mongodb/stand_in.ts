/**
 * Stands in for mongodump and mongorestore: the same arguments, password line, archive and exit codes, on a server that
 * is a JSON file. Run as `stand_in.ts <tool> <server file> <arguments>`.
 */
import { readBson } from "../../lib/mongodb/bson.ts";
import { writeArchive, type WrittenCollection } from "./archive_writer.ts";

/** A server of these tests. */
export interface StandInServer {
  /** Passwords by user. */
  users: Record<string, string>;
  /** Documents by collection, by database. */
  databases: Record<string, Record<string, string[]>>;
  /** Entries of its oplog during a dump; without it, it is no member of a replica set. */
  oplog?: string[];
  /** What goes wrong, and how. */
  fault?:
    | { tool: "mongodump"; bytes: number; exitCode: number }
    | { tool: "mongorestore"; refused: number };
}

/** Everything that the tools were started with, one line a start. */
export const argumentsLog = "arguments.log";

function fail(words: string): never {
  console.error(`2026-11-21T03:00:00.000+0000\tFailed: ${words}`);
  Deno.exit(1);
}

async function* input(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of Deno.stdin.readable) yield piece;
}

async function dump(server: StandInServer, option: (name: string) => string | undefined) {
  const database = option("db");
  if (option("oplog") !== undefined && server.oplog === undefined) {
    fail("error finding oplog: no oplog found");
  }
  const collections = Object.entries(server.databases)
    .filter(([name]) => database === undefined || name === database)
    .flatMap(([database, all]) =>
      Object.entries(all).map(([name, documents]): WrittenCollection => ({
        database,
        name,
        documents,
      }))
    );
  if (option("oplog") !== undefined) {
    collections.push({ database: "", name: "oplog", documents: server.oplog! });
  }
  const archive = writeArchive({ collections });
  const { fault } = server;
  const isCut = fault?.tool === "mongodump";
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(isCut ? archive.slice(0, fault.bytes) : archive);
  for (const { database, name, documents } of collections) {
    console.error(`done dumping ${database}.${name} (${documents.length} documents)`);
  }
  if (isCut && fault.exitCode !== 0) {
    console.error("Failed: error writing data for collection `shop.orders`: connection closed");
    Deno.exit(fault.exitCode);
  }
}

/** The documents of an archive, by database and collection. */
function documentsOf(archive: Uint8Array<ArrayBuffer>): [string, string, string][] {
  const view = new DataView(archive.buffer);
  const found: [string, string, string][] = [];
  let at = 4;
  for (let block = 0; at < archive.length; block++) {
    let header: Record<string, unknown> | undefined;
    for (;;) {
      const length = view.getUint32(at, true);
      if (length === 0xffffffff) break;
      const document = readBson(archive.slice(at, at + length));
      if (header === undefined) header = document;
      else if (block > 0) {
        found.push([`${header["db"]}`, `${header["collection"]}`, `${document["_id"]}`]);
      } else found.push([`${document["db"]}`, `${document["collection"]}`, ""]);
      at += length;
    }
    at += 4;
  }
  return found;
}

async function restore(
  server: StandInServer,
  archive: Uint8Array<ArrayBuffer>,
  option: (name: string) => string | undefined,
): Promise<number> {
  const [include, from, to] = ["nsInclude", "nsFrom", "nsTo"].map((name) =>
    option(name)?.replace(/\.\*$/, "").replaceAll("\\*", "*")
  );
  if (option("oplogReplay") !== undefined && include !== undefined) {
    fail("cannot use --oplogReplay with includes specified");
  }
  let [restored, failed] = [0, 0];
  for (const [database, name, id] of documentsOf(archive)) {
    if (database === "" || (include !== undefined && database !== include)) continue;
    const collections = server.databases[database === from ? to! : database] ??= {};
    if (id === "") {
      collections[name] = option("drop") === undefined ? collections[name] ?? [] : [];
    } else if (server.fault?.tool === "mongorestore" && restored >= server.fault.refused) failed++;
    else {
      collections[name]!.push(id);
      restored++;
    }
  }
  await Promise.resolve();
  console.error(
    `${restored} document(s) restored successfully. ${failed} document(s) failed to restore.`,
  );
  return failed;
}

if (import.meta.main) {
  const [tool, file, ...given] = Deno.args;
  await Deno.writeTextFile(
    `${file!.slice(0, file!.lastIndexOf("/"))}/${argumentsLog}`,
    `${[tool, ...given].join(" ")}\n`,
    { append: true },
  );
  const server: StandInServer = JSON.parse(await Deno.readTextFile(file!));
  const option = (name: string) =>
    given.find((word) => word === `--${name}` || word.startsWith(`--${name}=`))
      ?.slice(name.length + 3);
  const [, user] = /^mongodb:\/\/(?:([^@]*)@)?/.exec(option("uri") ?? "") ?? [];
  const pieces = input();
  let read = new Uint8Array();
  const readMore = async () => {
    const next = await pieces.next();
    if (!next.done) read = Uint8Array.of(...read, ...next.value);
    return !next.done;
  };
  if (user !== undefined) {
    while (!read.includes(10) && await readMore());
    const end = read.indexOf(10);
    const password = new TextDecoder().decode(read.subarray(0, end));
    read = read.slice(end + 1);
    console.error("reading password from standard input");
    if (server.users[user] !== password) {
      fail("can't create session: auth error: sasl conversation error: AuthenticationFailed");
    }
  }
  if (tool === "mongodump") await dump(server, option);
  else {
    while (await readMore());
    const failed = await restore(server, read, option);
    await Deno.writeTextFile(file!, JSON.stringify(server));
    if (failed > 0) Deno.exit(1);
  }
}
