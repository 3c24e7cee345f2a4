import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** A table of the stand-in. */
export interface StandInTable {
  engine: string;
  rows: number | null;
}

/** A database of the stand-in. */
export interface StandInDatabase {
  engine: string;
  tables: Record<string, StandInTable>;
}

/**
 * Stands in for the HTTP interface of ClickHouse: the statements that are sent, its answers and its errors, on databases
 * that are but names and numbers of rows. What it backs up it writes into a real store of S3, and reads from there.
 */
export interface StandIn extends AsyncDisposable {
  url: string;
  databases: Map<string, StandInDatabase>;
  /** All that it was asked, with the settings that stood in the URL. */
  asked: { statement: string; settings: URLSearchParams }[];
  /** What goes wrong. */
  fault?: "backup" | "forget" | "cut" | "rows" | "restore";
  version: string;
}

const user = "backup";
/** The password of the stand-in's only user. */
export const standInPassword = "clickhouse'pass\\word";

interface Operation {
  status: string;
  error: string;
  size: number;
}

/** Start a stand-in with one database, `analytics`. */
export function startStandIn(): StandIn {
  const databases = new Map<string, StandInDatabase>([
    ["system", { engine: "Atomic", tables: {} }],
    ["default", { engine: "Atomic", tables: {} }],
    ["analytics", {
      engine: "Atomic",
      tables: {
        events: { engine: "MergeTree", rows: 1000 },
        latest: { engine: "ReplacingMergeTree", rows: 10 },
        daily: { engine: "View", rows: null },
      },
    }],
  ]);
  const operations = new Map<string, Operation>();
  const ended = new AbortController();
  const state: Omit<StandIn, "url" | typeof Symbol.asyncDispose> = {
    databases,
    asked: [],
    version: "24.8.4.13",
  };

  const answer = (statement: string): unknown[] | string => {
    const known = (name: string) => databases.get(name) !== undefined;
    if (statement === "SELECT version() AS version") return [{ version: state.version }];
    if (statement.startsWith("SELECT name, engine FROM system.databases")) {
      return [...databases].map(([name, { engine }]) => ({ name, engine }));
    }
    const [, of] = /FROM system\.tables WHERE database = '(.*)'$/.exec(statement) ?? [];
    if (of !== undefined) {
      return Object.entries(databases.get(of)?.tables ?? {}).map(([name, { engine, rows }]) => ({
        name,
        engine,
        total_rows: rows === null ? null : String(rows),
      }));
    }
    const [, id] = /FROM system\.backups WHERE id = '([^']*)'/.exec(statement) ?? [];
    if (id !== undefined) {
      const found = operations.get(id);
      if (found === undefined || state.fault === "forget") return [];
      const { status, error, size } = found;
      return [{
        status,
        error,
        num_files: "3",
        total_size: String(size * 2),
        compressed_size: String(size),
      }];
    }
    const [, from, as] = /^RENAME DATABASE `(.*)` TO `(.*)`$/.exec(statement) ?? [];
    if (from !== undefined && as !== undefined) {
      if (!known(from)) return unknownDatabase(from);
      databases.set(as, databases.get(from)!);
      databases.delete(from);
      return [];
    }
    const [, dropped] = /^DROP DATABASE IF EXISTS `(.*)` SYNC$/.exec(statement) ?? [];
    if (dropped !== undefined) {
      databases.delete(dropped);
      return [];
    }
    const operation =
      /^(BACKUP|RESTORE) DATABASE `(.*?)`(?: AS `(.*?)`)? (?:TO|FROM) S3\('(.*?)', '(.*?)', '(.*?)'\) SETTINGS id = '(.*?)'(?:, compression_method = 'store')?(?:, password = '(.*?)')? ASYNC$/
        .exec(statement);
    if (operation === null) return syntaxError(statement);
    const [, kind, database = "", renamed = database, url = "", key = "", secret = "", own = ""] =
      operation;
    const place = placeOf(url, key, secret);
    operations.set(own, { status: "CREATING_BACKUP", error: "", size: 0 });
    const work = kind === "BACKUP"
      ? backUp(database, place, operation[8])
      : restore(database, renamed, place, operation[8]);
    void work.then(
      (end) => operations.set(own, end),
      (error) =>
        operations.set(own, { status: `${kind}_FAILED`, error: (error as Error).message, size: 0 }),
    );
    return [{ id: own, status: "CREATING_BACKUP" }];
  };

  const backUp = async (database: string, place: Place, password?: string): Promise<Operation> => {
    if (state.fault === "backup") {
      throw new Error(
        "Code: 499. DB::Exception: Access Denied. (S3_ERROR) (version 24.8.4.13 (official build))",
      );
    }
    const content = JSON.stringify({ database, password, ...databases.get(database) });
    await place.put(state.fault === "cut" ? content.slice(0, 20) : content);
    return { status: "BACKUP_CREATED", error: "", size: content.length };
  };

  const restore = async (
    database: string,
    as: string,
    place: Place,
    password?: string,
  ): Promise<Operation> => {
    const content = JSON.parse(await place.get());
    if (content.password !== password) {
      throw new Error("Code: 1. DB::Exception: wrong password. (CANNOT_UNPACK_ARCHIVE)");
    }
    if (content.database !== database) {
      throw new Error("Code: 1. DB::Exception: not in it. (BACKUP_ENTRY_NOT_FOUND)");
    }
    const { engine, tables } = content as StandInDatabase;
    if (state.fault === "rows") tables["events"]!.rows! -= 1;
    databases.set(as, { engine, tables });
    if (state.fault === "restore") {
      throw new Error("Code: 243. DB::Exception: Disk is full. (NOT_ENOUGH_SPACE)");
    }
    return { status: "RESTORED", error: "", size: 0 };
  };

  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: ended.signal,
    onListen: () => {},
  }, async (request) => {
    const statement = await request.text();
    state.asked.push({ statement, settings: new URL(request.url).searchParams });
    const [name, password] = ["User", "Key"].map((part) =>
      request.headers.get(`X-ClickHouse-${part}`)
    );
    const found = name === user && password === standInPassword
      ? answer(statement)
      : `Code: 516. DB::Exception: ${name}: Authentication failed. (AUTHENTICATION_FAILED) (version 24.8.4.13)`;
    return typeof found === "string"
      ? new Response(found, { status: 500 })
      : new Response(found.map((row) => `${JSON.stringify(row)}\n`).join(""));
  });
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  });
}

function unknownDatabase(name: string): string {
  return `Code: 81. DB::Exception: Database ${name} does not exist. (UNKNOWN_DATABASE) (version 24.8.4.13)`;
}

function syntaxError(statement: string): string {
  return `Code: 62. DB::Exception: Syntax error: ${statement}. (SYNTAX_ERROR) (version 24.8.4.13)`;
}

interface Place {
  put(text: string): Promise<void>;
  get(): Promise<string>;
}

function placeOf(url: string, accessKeyId: string, secretAccessKey: string): Place {
  const { origin, pathname } = new URL(url);
  const [bucket = "", ...rest] = pathname.slice(1).split("/").map(decodeURIComponent);
  const object = { Bucket: bucket, Key: rest.join("/") };
  const send = async <T>(work: (client: S3Client) => Promise<T>) => {
    const client = new S3Client({
      endpoint: origin,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  };
  return {
    put: (text) =>
      send(async (client) =>
        void await client.send(new PutObjectCommand({ ...object, Body: text }))
      ),
    get: () =>
      send(async (client) =>
        await (await client.send(new GetObjectCommand(object))).Body!.transformToString()
      ),
  };
}
