import { dirname } from "node:path";
import { makeCertificate } from "../../lib/core/certificate.ts";
import { lastLines, type StartedProcess, startProcess } from "../../lib/local/process.ts";
import { freePort } from "../../lib/local/ports.ts";
import { findDebianProgram, initdb } from "./debian_program.ts";

/** How a Postgres of a test is to be. */
export interface PostgresOptions {
  /** Serve TLS, with a certificate for these names by an authority of its own. @default no TLS */
  tlsNames?: readonly string[];
  /** Lines of pg_hba.conf in place of the usual one, which lets everybody in by SCRAM. */
  hba?: readonly string[];
  /** Settings to add to postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
  /** Folder that its own is made in. @default one in memory, where there is one */
  folder?: string;
}

/** A real Postgres on loopback. */
export interface PostgresProcess {
  /** Address. */
  host: string;
  /** Port. */
  port: number;
  /** Its superuser, `postgres`. */
  user: string;
  /** The superuser's password. */
  password: string;
  /** Authority of its certificate, in PEM. */
  caCert: string | undefined;
  /** All that it has logged, statements with it. */
  log(): Promise<string>;
  /** Start it again, or after it was stopped. */
  restart(): Promise<void>;
  /** End it in order; connections are cut. */
  stop(): Promise<void>;
  /** Replace pg_hba.conf, and start again with it. */
  setHba(lines: readonly string[]): Promise<void>;
}

/** Postgres refuses to run as root, so it is told that it is someone else. */
const asSomeoneElse = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];
const host = "127.0.0.1";
const everybody = ["host all all 127.0.0.1/32 scram-sha-256"];

/** Give a test a real Postgres, which logs each statement; it and its data are gone afterwards. */
export async function withPostgres<T>(
  work: (postgres: PostgresProcess) => Promise<T>,
  options: PostgresOptions = {},
): Promise<T> {
  await using postgres = await startPostgres(options);
  return await work(postgres);
}

/** Start a real Postgres, which logs each statement. Disposing it ends it and removes its data. */
export async function startPostgres(
  options: PostgresOptions = {},
): Promise<PostgresProcess & AsyncDisposable> {
  const { path, env } = await findDebianProgram(initdb);
  const folder = await Deno.makeTempDir({
    prefix: "slipway-postgres-",
    dir: options.folder ?? await memory(),
  });
  const data = `${folder}/data`;
  const logFile = `${folder}/log`;
  const port = freePort();
  const password = `super-${crypto.randomUUID()}`;
  let running: StartedProcess | undefined;
  let caCert: string | undefined;

  const variables = { LC_ALL: "C.UTF-8", PATH: Deno.env.get("PATH") ?? "", ...env };
  const writeHba = (lines: readonly string[]) =>
    Deno.writeTextFile(`${data}/pg_hba.conf`, [...lines, ""].join("\n"));

  async function prepare(): Promise<void> {
    await Deno.writeTextFile(`${folder}/password`, password, { mode: 0o600 });
    const { success, stderr } = await new Deno.Command(asSomeoneElse[0]!, {
      args: [
        ...asSomeoneElse.slice(1),
        path,
        `--pgdata=${data}`,
        "--username=postgres",
        `--pwfile=${folder}/password`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
      ],
      env: variables,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`initdb failed: ${new TextDecoder().decode(stderr)}`);
    await writeHba(options.hba ?? everybody);
    if (options.tlsNames !== undefined) caCert = await writeCertificate(data, options.tlsNames);
    const settings = {
      listen_addresses: host,
      port: String(port),
      unix_socket_directories: "",
      fsync: "off",
      max_connections: "20",
      shared_buffers: "16MB",
      autovacuum: "off",
      jit: "off",
      log_statement: "all",
      log_connections: "on",
      ...(caCert === undefined ? {} : { ssl: "on" }),
      ...options.settings,
    };
    await Deno.writeTextFile(
      `${data}/postgresql.conf`,
      Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`).join(""),
    );
  }

  async function start(): Promise<void> {
    running = await startProcess({
      command: [...asSomeoneElse, `${dirname(path)}/postgres`, "-D", data],
      env: variables,
      cwd: folder,
      logFile,
    });
    let ended: string | undefined;
    running.ended.then((how) => ended = how);
    const deadline = performance.now() + 30_000;
    // The status line of its lock file says `ready` once it serves. Source: Postgres, miscadmin.h, PM_STATUS_READY.
    while (!/\nready\s*$/.test(await readIfThere(`${data}/postmaster.pid`))) {
      if (ended === undefined && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      throw new Error(
        `Postgres: ${ended ?? "not ready"}\n${(await lastLines(logFile, 20)).join("\n")}`,
      );
    }
  }

  async function stop(signal: Deno.Signal = "SIGINT"): Promise<void> {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    Deno.kill(ending.pid, signal);
    await ending.ended;
  }

  const postgres: PostgresProcess & AsyncDisposable = {
    host,
    port,
    user: "postgres",
    password,
    get caCert() {
      return caCert;
    },
    log: () => readIfThere(logFile),
    async restart() {
      await stop();
      await start();
    },
    stop: () => stop(),
    async setHba(lines) {
      await writeHba(lines);
      await stop();
      await start();
    },
    async [Symbol.asyncDispose]() {
      // At once, and its children with it: nothing of it is needed any more.
      await stop("SIGQUIT");
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await prepare();
    await start();
  } catch (error) {
    await postgres[Symbol.asyncDispose]();
    throw error;
  }
  return postgres;
}

async function writeCertificate(data: string, serverNames: readonly string[]): Promise<string> {
  const notBefore = Temporal.Now.instant().subtract({ minutes: 1 });
  const notAfter = notBefore.add({ hours: 24 });
  const authority = await makeCertificate({ commonName: "test-ca", notBefore, notAfter });
  const { cert, key } = await makeCertificate(
    { commonName: serverNames[0]!, serverNames, notBefore, notAfter },
    authority,
  );
  await Deno.writeTextFile(`${data}/server.crt`, cert);
  await Deno.writeTextFile(`${data}/server.key`, key, { mode: 0o600 });
  return authority.cert;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** A folder in memory, where there is one. */
async function memory(): Promise<string | undefined> {
  const info = await Deno.stat("/dev/shm").catch(() => undefined);
  return info?.isDirectory ? "/dev/shm" : undefined;
}
