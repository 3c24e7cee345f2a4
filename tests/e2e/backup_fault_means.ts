import type { ProxiedConnection, ProxiedMoment } from "./postgres_proxy.ts";
import type { S3Fate, S3ProxyRequest } from "./s3_proxy.ts";
import type { FaultWorld } from "./backup_fault_ground.ts";

/** Whether a request is of some kind. */
export type Which = (request: S3ProxyRequest) => boolean;

const isList = ({ method, query }: S3ProxyRequest) => method === "GET" && query.has("list-type");
const isPart = ({ method, query }: S3ProxyRequest) => method === "PUT" && query.has("partNumber");
const isOf = ({ path }: S3ProxyRequest, suffix: string) => path.endsWith(suffix);

/** Requests that a backup and a restore send to their store, by what they are for. */
export const requests = {
  leaseList: (request) => isList(request) && /lease\.$/.test(request.query.get("prefix") ?? ""),
  leaseWrite: ({ method, path }) => method === "PUT" && /\/lease\.\d+\.json$/.test(path),
  sweep: ({ method, query }) => method === "GET" && query.has("uploads"),
  globals: (request) => request.method === "PUT" && isOf(request, ".globals.sql.zst.age"),
  begin: ({ method, query }) => method === "POST" && query.has("uploads"),
  firstPart: (request) => isPart(request) && request.query.get("partNumber") === "1",
  laterPart: (request) => isPart(request) && request.query.get("partNumber") === "2",
  part: isPart,
  complete: ({ method, query }) => method === "POST" && query.has("uploadId"),
  readGlobals: (request) => request.method === "GET" && isOf(request, ".globals.sql.zst.age"),
  readDump: (request) => request.method === "GET" && isOf(request, ".dump.zst.age"),
  record: ({ method, path }) => method === "PUT" && /Z-[0-9a-f]{6}\.json$/.test(path),
  mark: (request) => request.method === "PUT" && isOf(request, ".removed.json"),
  remove: ({ method, path }) => method === "DELETE" && /Z-[0-9a-f]{6}\./.test(path),
} satisfies Record<string, Which>;

/** The look at the lease that follows when all of a backup is written and read back. */
export function lastLook(): Which {
  let isRead = false;
  return (request) => {
    if (requests.readDump(request)) isRead = true;
    return isRead && requests.leaseList(request);
  };
}

/** Have requests meet a fate, all of them or so many. A fate can be made when it is met. */
export function meet(
  world: FaultWorld,
  which: Which,
  fate: S3Fate | (() => S3Fate | Promise<S3Fate>),
  times = Infinity,
): void {
  world.s3.decide = (request) => {
    if (!which(request) || times-- <= 0) return "pass";
    world.happened++;
    return typeof fate === "function" ? fate() : fate;
  };
}

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
  table: { statement: /^COPY public\.bulk .*TO stdout/, moment: "rows", bytes: 2_000_000 },
  tableHere: { statement: /^COPY public\.kept .*TO stdout/, moment: "rows", bytes: 4_000 },
  dumpEnds: { statement: /^COPY public\.kept .*TO stdout/, moment: "end" },
  count: { statement: /count\(\*\) AS rows FROM ONLY/ },
  roles: { statement: /^CREATE ROLE/ },
  rows: { statement: /^COPY public\.kept .*FROM stdin/i, moment: "rows", bytes: 1_000 },
  manyRows: { statement: /^COPY public\.bulk .*FROM stdin/i, moment: "rows", bytes: 2_000_000 },
  statistics: { statement: /^ANALYZE/ },
  swap: { statement: /^ALTER DATABASE .* RENAME TO/ },
  commit: { statement: /^COMMIT$/ },
} satisfies Record<string, Place>;

/** Do something once, when a connection comes by a place; it waits there until that is done. */
export function at(
  world: FaultWorld,
  { statement, moment: wanted = "statement", bytes = 0 }: Place,
  act: (connection: ProxiedConnection) => void | Promise<void>,
): void {
  let isDone = false;
  world.pg.watch = (connection, moment) => {
    const { sentBytes, receivedBytes } = connection;
    if (isDone || moment !== wanted || !statement.test(connection.statement)) return;
    if (Math.max(sentBytes, receivedBytes) < bytes) return;
    isDone = true;
    world.happened++;
    return act(connection);
  };
}

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
export async function killBackend(
  { sql }: FaultWorld,
  { serverPort }: ProxiedConnection,
): Promise<void> {
  const [row] = await sql(
    `SELECT pid FROM pg_stat_activity WHERE client_port = ${serverPort}`,
    "postgres",
  );
  Deno.kill(Number(row!["pid"]), "SIGKILL");
}
