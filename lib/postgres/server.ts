import { messageOf, SlipwayError, TimedOut } from "../core/errors.ts";
import type { RunningProgram, RunProgram } from "../core/program.ts";
import type { Redactor } from "../core/redact.ts";
import { sleepFor } from "../core/retry.ts";
import type { PostgresLogin } from "./connection.ts";
import type { PostgresTarget } from "./target.ts";
import type { PostgresTools } from "./tools.ts";

/** A server that is there for one purpose, and gone with all its data afterwards. */
export interface ThrowawayServer {
  /** Where one of its databases is: by a socket in its folder, which nobody else can enter. */
  target(database: string): PostgresTarget;
  /** Its superuser, with a password that nobody knows. */
  login: PostgresLogin;
  /** Process id of its first process. */
  pid: number;
}

/** How a throwaway server is to be. */
export interface ThrowawayOptions {
  /** Programs of the version that it is to have: `initdb` and `postgres`. */
  tools: PostgresTools;
  /** Starts programs on this machine. */
  run: RunProgram;
  /** An empty folder for its data, which only the user of this process can enter. */
  folder: string;
  /** User and group by number that it runs as, where this process is root's. @default a user namespace's */
  runAs?: { uid: number; gid: number };
  /** Learns its password. */
  redactor: Redactor;
  /** Ends it. */
  signal: AbortSignal;
}

/** How long it may take to be ready, in milliseconds. */
const readyTimeoutMs = 60_000;
const user = "postgres";
const port = 5432;
/** Source: unix(7); `sun_path` has 108 bytes with the zero at its end. */
const socketPathBytes = 107;

/** It is made anew whenever it is needed, so nothing of it has to outlive a power cut. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "4GB",
  autovacuum: "off",
  jit: "off",
  shared_buffers: "128MB",
  maintenance_work_mem: "128MB",
  max_connections: "20",
  // What is restored must not end in a log.
  log_statement: "none",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};

/**
 * Do something with a server that is made for it: it has a folder of its own, no network, and a password that is made
 * up. It ends with this process, however that ends, where the system can do that.
 *
 * @throws {SlipwayError} when it cannot be made or does not start
 */
export async function withThrowawayServer<T>(
  options: ThrowawayOptions,
  work: (server: ThrowawayServer) => Promise<T>,
): Promise<T> {
  const { tools, folder, run, redactor, signal } = options;
  const socket = `${folder}/.s.PGSQL.${port}`;
  if (new TextEncoder().encode(socket).length > socketPathBytes) {
    throw new SlipwayError(
      `Cannot start a throwaway server in ${folder}: the path of its socket has more than ${socketPathBytes} bytes`,
      { remedy: "name a folder with a shorter path" },
    );
  }
  const password = crypto.getRandomValues(new Uint8Array(24)).toHex();
  redactor.add(password);
  if (options.runAs !== undefined) {
    await Deno.chown(folder, options.runAs.uid, options.runAs.gid);
  }
  const data = `${folder}/data`;
  const as = await prefix(options);
  await makeData(options, { as, data, password });
  // Not ended by the run's own signal, which would ask its processes one by one: it is ended in order below.
  const ending = new AbortController();
  const server = await run({
    argv: startedAs(as, [tools.path("postgres"), "-D", data, "-k", folder]),
    env: { LC_ALL: "C", PGPORT: String(port) },
    label: "the throwaway server",
  }, { signal: ending.signal });
  let pid: number | undefined;
  try {
    pid = await untilReady(server, data, signal);
    return await work({
      pid,
      login: { user, password },
      target: (database) => ({ host: folder, port, database, tls: { mode: "disable" } }),
    });
  } finally {
    await stop(server, pid, ending);
  }
}

/** Source: PostgreSQL, initdb. Databases are made with the encoding and locale that they need, whatever these are. */
async function makeData(
  { tools, run, folder, runAs, signal }: ThrowawayOptions,
  { as, data, password }: { as: readonly string[]; data: string; password: string },
): Promise<void> {
  const file = `${folder}/password`;
  await Deno.writeTextFile(file, password, { mode: 0o600, createNew: true });
  try {
    if (runAs !== undefined) await Deno.chown(file, runAs.uid, runAs.gid);
    const argv = startedAs(as, [
      tools.path("initdb"),
      `--pgdata=${data}`,
      `--username=${user}`,
      `--pwfile=${file}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ]);
    await ended(await run({ argv, env: { LC_ALL: "C" }, label: "initdb" }, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    const because = messageOf(error);
    throw new SlipwayError(`Cannot make a throwaway server in ${folder}: ${because}`, {
      remedy: /No space left on device/.test(because)
        ? "make room there, or name a folder on another disk"
        : Deno.uid() === 0
        ? "Postgres does not run as root: let this run as another user, or name one with --run-as"
        : "see that there is room in that folder, and that its programs fit this machine",
      cause: error,
    });
  } finally {
    await Deno.remove(file);
  }
  const lines = Object.entries({ ...settings, port: String(port) })
    .map(([name, value]) => `${name} = '${value}'\n`);
  await Deno.writeTextFile(`${data}/postgresql.conf`, lines.join(""));
}

/**
 * What starts a program as somebody who is not root, and has it end with this process. Sources: user_namespaces(7),
 * prctl(2), PR_SET_PDEATHSIG, which a change of user would clear, so it comes last.
 */
async function prefix({ run, runAs, signal }: ThrowawayOptions): Promise<string[]> {
  const identity = Deno.uid() !== 0
    ? []
    : runAs === undefined
    ? ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    : ["setpriv", `--reuid=${runAs.uid}`, `--regid=${runAs.gid}`, "--clear-groups", "--"];
  const withParent = ["setpriv", "--pdeathsig", "QUIT", "--"];
  const works = await run({ argv: startedAs(withParent, ["true"]) }, { signal })
    .then(ended)
    .then(() => true, () => false);
  signal.throwIfAborted();
  return [...identity, ...works ? withParent : []];
}

function startedAs(
  [first, ...rest]: readonly string[],
  argv: readonly [string, ...string[]],
): [string, ...string[]] {
  return first === undefined ? [...argv] : [first, ...rest, ...argv];
}

/** Its output is read, since nobody may leave it lying there. */
async function ended({ stdout, done }: RunningProgram): Promise<void> {
  await stdout.pipeTo(new WritableStream());
  await done;
}

/** The status line of its lock file says `ready` once it serves. Source: PostgreSQL, miscadmin.h, PM_STATUS_READY. */
async function untilReady(
  server: RunningProgram,
  data: string,
  signal: AbortSignal,
): Promise<number> {
  let ended: { error?: unknown } | undefined;
  server.done.then(() => ended = {}, (error) => ended = { error });
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const text = await Deno.readTextFile(`${data}/postmaster.pid`).catch(() => "");
    if (/\nready\s*$/.test(text)) return Number(text.slice(0, text.indexOf("\n")));
    if (ended !== undefined) {
      throw ended.error ?? new SlipwayError("The throwaway server ended before it was ready");
    }
    if (performance.now() > deadline) {
      throw new TimedOut(
        `The throwaway server is not ready after ${readyTimeoutMs / 1000} s: ${server.stderr()}`,
      );
    }
    await sleepFor(20, signal);
  }
}

/** At once, with all its sessions: nothing of it is needed any more. Source: PostgreSQL, "Shutting Down the Server". */
async function stop(
  server: RunningProgram,
  pid: number | undefined,
  ending: AbortController,
): Promise<void> {
  let asked = false;
  if (pid !== undefined) {
    try {
      Deno.kill(pid, "SIGQUIT");
      asked = true;
    } catch {
      // It has ended already, or belongs to a user that this one may not signal.
    }
  }
  if (!asked) ending.abort();
  await server.done.catch(() => {});
  await server.stdout.cancel().catch(() => {});
}
