import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { LoginSecret } from "../../platform/types.ts";
import type { PostgresLogin } from "../../postgres/connection.ts";
import { passwordInFile } from "../../postgres/passfile.ts";
import type { PostgresFiles, PostgresTarget } from "../../postgres/target.ts";
import { readNamedFile } from "../named_file.ts";

/** Who logs in, as the command line says. */
export interface LoginRequest {
  /** Role to log in as. @default that in the URL, else PGUSER */
  role?: string;
  /** Path of a file with its password. @default PGPASSWORD, else what PGPASSFILE names or ~/.pgpass has */
  passwordFile?: string;
}

/**
 * Who logs in to a server. What a platform's Secret holds is found in the variables that its keys name, as where a job
 * gets all of its keys.
 *
 * @throws {UsageError} when nothing names a role, or a file cannot be read
 */
export async function findLogin(
  { role, passwordFile }: LoginRequest,
  { target, secret }: { target: PostgresTarget; secret?: LoginSecret | undefined },
  context: Pick<Context, "env" | "cwd" | "redactor" | "emit">,
): Promise<PostgresLogin> {
  const { env, redactor } = context;
  const variable = (name: string | undefined) => (name && env(name)) || undefined;
  const user = role ?? target.user ?? variable("PGUSER") ?? variable(secret?.userKey);
  if (user === undefined) {
    throw new UsageError("Cannot tell which role logs in to the database", {
      remedy: `name it in the URL, with --role, or in PGUSER${
        secret === undefined ? "" : ` or ${secret.userKey}`
      }`,
    });
  }
  const password = passwordFile === undefined
    ? variable("PGPASSWORD") ?? variable(secret?.passwordKey) ??
      await fromPassfile(user, target, context)
    : (await readNamedFile(passwordFile, "a password", context)).replace(/\r?\n$/, "");
  if (password === undefined) return { user };
  redactor.add(password);
  return { user, password };
}

/** Source: PostgreSQL, libpq "The Password File", which also wants that nobody else can read it. */
async function fromPassfile(
  user: string,
  target: PostgresTarget,
  { env, cwd, emit }: Pick<Context, "env" | "cwd" | "emit">,
): Promise<string | undefined> {
  const home = env("HOME");
  const path = env("PGPASSFILE") ?? (home === undefined ? undefined : `${home}/.pgpass`);
  if (path === undefined) return undefined;
  const file = resolve(cwd, path);
  const info = await Deno.stat(file).catch(() => undefined);
  if (!info?.isFile) return undefined;
  if (((info.mode ?? 0) & 0o077) !== 0) {
    emit({
      type: "note",
      level: "warning",
      message: `the password file ${file} is not used: others can read it`,
      remedy: `chmod 600 ${file}`,
    });
    return undefined;
  }
  return passwordInFile(await readNamedFile(file, "passwords", { cwd }), { ...target, user });
}

/**
 * Read the files of certificates into a target.
 *
 * @throws {UsageError} when one cannot be read
 */
export async function withTlsFiles(
  target: PostgresTarget,
  files: PostgresFiles,
  context: Pick<Context, "cwd">,
): Promise<PostgresTarget> {
  const read = (file: string | undefined, what: string) =>
    file === undefined ? undefined : readNamedFile(file, what, context);
  const [caCert, cert, key] = await Promise.all([
    read(files.sslrootcert, "an authority's certificate"),
    read(files.sslcert, "a certificate"),
    read(files.sslkey, "a key"),
  ]);
  return {
    ...target,
    tls: {
      ...target.tls,
      ...(caCert === undefined ? {} : { caCert }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  };
}
