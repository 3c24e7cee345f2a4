import { generateIdentity, identityToRecipient } from "age-encryption";
import { connectSqlSession } from "../../lib/postgres/sql_session.ts";
import { findDebianProgram } from "../e2e/debian_program.ts";
import { startMinio } from "../e2e/minio_process.ts";
import { startPostgres } from "../e2e/postgres_process.ts";
import { postgresPrograms } from "../e2e/postgres_programs.ts";
import type { Ground } from "./ground.ts";
import { taskCommand, type TimedCommand } from "./timed.ts";

/** A real Postgres, a real MinIO, and the tools that bring data from one to the other. */
export interface BackupGround {
  /** Variables by which PostgreSQL's programs find the server. */
  env: Record<string, string>;
  /** A folder for files. */
  folder: string;
  /** Ends what runs. */
  signal: AbortSignal;
  /** A task of ours on that server, with the store and what encrypts and decrypts. */
  task(name: string, args: readonly string[]): Promise<TimedCommand>;
  /** A script for bash that ends well only when each program of its pipelines does. */
  shell(script: string, env: Record<string, string>): TimedCommand;
  /** Run statements in a database. */
  sql(database: string, statements: string): Promise<void>;
}

/** What a server for much data is set to. */
const settings = {
  log_statement: "none",
  log_connections: "off",
  shared_buffers: "256MB",
  work_mem: "64MB",
  maintenance_work_mem: "256MB",
  max_wal_size: "2GB",
  wal_level: "minimal",
  max_wal_senders: "0",
};

/** Give the bench a {@linkcode BackupGround}, and leave nothing of it behind. */
export async function withBackupGround<T>(
  { context, folder }: Ground,
  work: (ground: BackupGround) => Promise<T>,
): Promise<T> {
  await using postgres = await startPostgres({ settings, folder });
  await using minio = await startMinio();
  const programs = await postgresPrograms(await Deno.makeTempDir({ dir: folder }));
  const [zstd, age, rclone] = await Promise.all(["zstd", "age", "rclone"].map(async (name) => {
    const { path } = await findDebianProgram({ name, package: name });
    return path;
  })) as [string, string, string];
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const identityFile = `${folder}/identity.txt`;
  await Deno.writeTextFile(identityFile, `${identity}\n`, { mode: 0o600 });

  // Of the user's variables only these: what else there is, such as a proxy, changes what is measured.
  const basic = Object.fromEntries(
    ["PATH", "HOME", "DENO_DIR", "TMPDIR"].flatMap((name) => {
      const value = context.env(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const { host, port, user, password } = postgres;
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password };
  const own = { ...basic, ...minio.env, PGPASSWORD: password, SLIPWAY_PG_BIN: programs };
  const peer = {
    ...basic,
    ...minio.env,
    ...env,
    PG_BIN: programs,
    ZSTD: zstd,
    AGE: age,
    RCLONE: rclone,
    RECIPIENT: recipient,
    IDENTITY: identityFile,
    // Source: rclone's documentation, "Environment variables", and of its S3 backend.
    RCLONE_CONFIG: "",
    RCLONE_CONFIG_STORE_TYPE: "s3",
    RCLONE_CONFIG_STORE_PROVIDER: "Minio",
    RCLONE_CONFIG_STORE_ENDPOINT: minio.endpoint,
    RCLONE_CONFIG_STORE_ENV_AUTH: "true",
    RCLONE_S3_NO_CHECK_BUCKET: "true",
  };
  const store = ["--store", "s3://backups/own", "--endpoint", minio.endpoint];
  const server = [
    ...["--stored-as", "bench", "--connection"],
    `postgresql://${user}@${host}:${port}/postgres`,
  ];
  const more: Record<string, readonly string[]> = {
    "backup-postgres": [...server, "--recipient", recipient],
    "restore-postgres": [...server, "--identity", identityFile, "--yes"],
    "verify-backups": ["--identity", identityFile, "--scratch", folder],
  };
  return await work({
    env,
    folder,
    signal: context.signal,
    task: async (name, args) => ({
      command: [...await taskCommand(name), ...args, ...store, ...more[name]!, "--json"],
      env: own,
      clearEnv: true,
    }),
    shell: (script, variables) => ({
      command: ["bash", "-c", `set -euo pipefail; ${script}`],
      env: { ...peer, ...variables },
      clearEnv: true,
      cwd: folder,
    }),
    async sql(database, statements) {
      const target = { host, port, database, tls: { mode: "disable" as const } };
      const session = await connectSqlSession(target, { user, password }, context);
      try {
        await session.query(statements);
      } finally {
        await session.close();
      }
    },
  });
}
