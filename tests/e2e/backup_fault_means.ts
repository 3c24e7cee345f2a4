import type { ProxiedConnection, ProxiedMoment } from "./postgres_proxy.ts";
import type { S3Fate, S3ProxyRequest } from "./s3_proxy.ts";
import type { FaultWorld } from "./backup_fault_ground.ts";

/** Whether a request is of some kind, after others of the same run. */
export type Which = (request: S3ProxyRequest, earlier: readonly S3ProxyRequest[]) => boolean;

const isList = ({ method, query }: S3ProxyRequest) => method === "GET" && query.has("list-type");
const isPart = ({ method, query }: S3ProxyRequest) => method === "PUT" && query.has("partNumber");
const isOf = ({ path }: S3ProxyRequest, suffix: string) => path.endsWith(suffix);
const isLook = (request: S3ProxyRequest) =>
  isList(request) && (request.query.get("prefix") ?? "").endsWith("/lease.");
const isReadDump = (request: S3ProxyRequest) =>
  request.method === "GET" && isOf(request, ".dump.zst.age");

/** Requests that a backup and a restore send to their store, by what they are for. */
export const requests = {
  look: isLook,
  lease: ({ method, path }) => method === "PUT" && /\/lease\.\d+\.json$/.test(path),
  sweep: ({ method, query }) => method === "GET" && query.has("uploads"),
  firstPart: (request) => isPart(request) && request.query.get("partNumber") === "1",
  laterPart: (request) => isPart(request) && request.query.get("partNumber") === "2",
  complete: ({ method, query }) => method === "POST" && query.has("uploadId"),
  readGlobals: (request) => request.method === "GET" && isOf(request, ".globals.sql.zst.age"),
  readDump: isReadDump,
  /** Who has the lease is asked once more when all is written and read back. */
  lastLook: (request, earlier) => isLook(request) && earlier.some(isReadDump),
  record: ({ method, path }) => method === "PUT" && /Z-[0-9a-f]{6}\.json$/.test(path),
  mark: (request) => request.method === "PUT" && isOf(request, ".removed.json"),
  remove: ({ method, path }) => method === "DELETE" && /Z-[0-9a-f]{6}\./.test(path),
} satisfies Record<string, Which>;

/** Name in the row's store of what a request is for. */
export function nameOf({ prefix }: FaultWorld, { path }: S3ProxyRequest): string {
  return decodeURIComponent(path).slice(`/backups/${prefix}/`.length);
}

/** What becomes of a request, where that is made when it comes; it passes where nothing is said. */
export type FateOf = (
  world: FaultWorld,
  request: S3ProxyRequest,
) => S3Fate | void | Promise<S3Fate | void>;

/** Have requests meet a fate, all of them or so many. */
export function onRequest(
  which: Which,
  fate: S3Fate | FateOf,
  times = Infinity,
): (world: FaultWorld) => void {
  return (world) => {
    let left = times;
    world.s3.decide = async (request) => {
      if (!which(request, world.s3.requests) || left-- <= 0) return "pass";
      world.happened++;
      return (typeof fate === "function" ? await fate(world, request) : fate) ?? "pass";
    };
  };
}

/** One fate at first, and another one from then on. */
export function firstThen(first: S3Fate, later: S3Fate): FateOf {
  return ({ happened }) => happened === 1 ? first : later;
}

/** The task is killed before the store has the request, or all of it. */
export function killsTask(afterBytes = 0): FateOf {
  return (world) => {
    kill(world, "deno");
    return { cutAfter: afterBytes };
  };
}

/** The task is killed when the store has done what was asked, and the answer is not known. */
export const killsTaskAfter: FateOf = (world) => ({ changeAnswer: () => kill(world, "deno") });

/** Where a connection is. */
export interface Place {
  /** Statement that was sent last. */
  statement: RegExp;
  /** What happens. @default "statement" */
  moment?: ProxiedMoment;
  /** Bytes of rows that have passed at least, either way. @default 0 */
  bytes?: number;
}

/** Places that a backup and a restore come by. */
export const places = {
  login: { statement: /^$/, moment: "login" },
  snapshot: { statement: /pg_export_snapshot/ },
  globals: { statement: /FROM pg_(authid|roles)/ },
  dumpBegins: { statement: /SET TRANSACTION SNAPSHOT/ },
  table: { statement: /^COPY public\.kept .*TO stdout/, moment: "rows", bytes: 70_000 },
  largeTable: { statement: /^COPY public\.bulk .*TO stdout/, moment: "rows", bytes: 2_000_000 },
  count: { statement: /count\(\*\) AS rows FROM ONLY/ },
  /** The session of the snapshot ends when all is written and read back. */
  snapshotEnds: { statement: /count\(\*\) AS rows FROM ONLY/, moment: "end" },
  roles: { statement: /^CREATE ROLE/ },
  rows: { statement: /^COPY public\.kept .*FROM stdin/i, moment: "rows", bytes: 20_000 },
  swap: { statement: /^ALTER DATABASE .* RENAME TO/ },
  swapped: { statement: /^COMMIT$/, moment: "rows" },
} satisfies Record<string, Place>;

/** What happens at a place. */
export type Act = (world: FaultWorld, connection: ProxiedConnection) => void | Promise<void>;

/** Do something once, when a connection comes by a place; it waits there until that is done. */
export function onPlace(
  { statement, moment: wanted = "statement", bytes = 0 }: Place,
  act: Act,
): (world: FaultWorld) => void {
  return (world) => {
    let isDone = false;
    world.pg.watch = (connection, moment) => {
      const { sentBytes, receivedBytes } = connection;
      if (isDone || moment !== wanted || !statement.test(connection.statement)) return;
      if (Math.max(sentBytes, receivedBytes) < bytes) return;
      isDone = true;
      world.happened++;
      return act(world, connection);
    };
  };
}

/** Kills a program of a row by SIGKILL. */
export const kills = (name: string): Act => (world) => kill(world, name);

/** Cuts a connection. */
export const cuts: Act = (_, connection) => connection.cut();

/** Processes that belong to a row, by the folder that they find in TMPDIR. Source: proc(5), /proc/pid/environ. */
export function processesOf({ folder }: FaultWorld): { pid: number; name: string }[] {
  const found: { pid: number; name: string }[] = [];
  for (const { name: pid } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const variables = Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0");
      if (!variables.includes(`TMPDIR=${folder}`)) continue;
      const name = Deno.readTextFileSync(`/proc/${pid}/comm`).trim();
      found.push({ pid: Number(pid), name });
    } catch {
      // It has ended just now.
    }
  }
  return found;
}

/** Kill a program of a row by SIGKILL. */
export function kill(world: FaultWorld, name: string): void {
  const victims = processesOf(world).filter((each) => each.name === name);
  if (victims.length !== 1) {
    const found = processesOf(world).map(({ name }) => name).join(", ");
    throw new Error(`wanted one ${name} to kill, found ${victims.length} among: ${found}`);
  }
  Deno.kill(victims[0]!.pid, "SIGKILL");
}

/** Kill the server's process that serves a connection. The server ends all others with it, and starts again. */
export const killsBackend: Act = async ({ sql }, { serverPort }) => {
  const [row] = await sql(
    `SELECT pid FROM pg_stat_activity WHERE client_port = ${serverPort}`,
    "postgres",
  );
  Deno.kill(Number(row!["pid"]), "SIGKILL");
};
