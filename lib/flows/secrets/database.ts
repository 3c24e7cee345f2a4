import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import { withConnection } from "../../postgres/connection.ts";
import { canLogIn, setRolePassword } from "../../postgres/role_password.ts";
import {
  nameOfTarget,
  parseDatabaseUrl,
  type PostgresFiles,
  type PostgresTarget,
} from "../../postgres/target.ts";
import { withTlsFiles } from "../postgres/login.ts";
import { readNamedFile } from "../named_file.ts";
import type { SecretData } from "./journal.ts";

/** How a role's password is changed, as the command line says. */
export interface DatabaseRequest {
  /** URL of the database, without a password. */
  database?: string;
  /** Role whose password it is. @default that in the URL, else the value of `userKey` */
  role?: string;
  /** Key of the secret with the role's name. @default PGUSER */
  userKey?: string;
  /** Role that changes it. @default the role itself */
  admin?: string;
  /** Path of a file with its password. @default PGPASSWORD, else a question */
  adminPasswordFile?: string;
}

/** A role's password in a database. */
export interface DatabaseRole {
  /** Name of the role. */
  role: string;
  /** Where it is, for messages. */
  name: string;
  /** Whether the role can log in with a password. */
  accepts(password: string, signal: AbortSignal): Promise<boolean>;
  /** Give the role the password, unless it has it; `other` is the one that it may have instead. */
  setPassword(password: string, other: string, signal: AbortSignal): Promise<void>;
}

/**
 * Find out how a role's password is changed, and prove that it can be: that somebody who may do so can log in.
 *
 * @throws {UsageError} when the role is not known, or a file cannot be read
 * @throws {PostgresError} when the database cannot be reached, or lets nobody in
 */
export async function openDatabase(
  request: DatabaseRequest & { database: string },
  data: SecretData,
  passwords: readonly string[],
  context: Context,
): Promise<DatabaseRole> {
  const parsed = parseDatabaseUrl(request.database);
  const target = await withFiles(parsed.target, parsed.files, data, context);
  const role = roleOf(request, parsed.target, data);
  const { redactor } = context;
  const accepts = (password: string, signal: AbortSignal) =>
    canLogIn(target, { user: role, password }, { redactor, signal });
  const administrator = await adminOf(request, context);
  const set = (user: string, by: string, password: string, signal: AbortSignal) =>
    withConnection(
      target,
      { user, password: by },
      { redactor, signal },
      (connection) => setRolePassword(connection, { role, password }),
    );

  if (administrator === undefined) {
    const known = await firstOf(passwords, (password) => accepts(password, context.signal));
    if (known === undefined) {
      throw new SlipwayError(
        `Cannot rotate the password of ${role}: the database ${
          nameOfTarget(target)
        } does not take the one that Vault has`,
        {
          remedy:
            "name a superuser with --admin, who sets it whatever it is now; or put the right one into Vault",
        },
      );
    }
  } else {
    await withConnection(
      target,
      administrator,
      { redactor, signal: context.signal },
      (connection) => connection.query("SELECT 1"),
    );
  }
  return {
    role,
    name: nameOfTarget(target),
    accepts,
    async setPassword(password, other, signal) {
      if (await accepts(password, signal)) return;
      const { user, password: by } = administrator ?? { user: role, password: other };
      await set(user, by, password, signal);
    },
  };
}

function roleOf(request: DatabaseRequest, target: PostgresTarget, data: SecretData): string {
  const { userKey = "PGUSER" } = request;
  const inSecret = data[userKey];
  const role = request.role ?? target.user ?? (typeof inSecret === "string" ? inSecret : undefined);
  if (role !== undefined && role !== "") return role;
  throw new UsageError(
    `Cannot tell whose password it is: the secret has no ${userKey}, and the URL names no role`,
    { remedy: "name the role with --role, or the key that has its name with --user-key" },
  );
}

async function adminOf(
  { admin, adminPasswordFile }: DatabaseRequest,
  context: Context,
): Promise<{ user: string; password: string } | undefined> {
  if (admin === undefined) return undefined;
  const given = adminPasswordFile === undefined
    ? context.env("PGPASSWORD")
    : (await readNamedFile(adminPasswordFile, "a password", context)).replace(/\r?\n$/, "");
  const password = given || await context.askSecret(
    `Password of ${admin}`,
    "give it in PGPASSWORD or with --admin-password-file",
  );
  context.redactor.add(password);
  return { user: admin, password };
}

async function withFiles(
  target: PostgresTarget,
  files: PostgresFiles,
  data: SecretData,
  context: Context,
): Promise<PostgresTarget> {
  const read = await withTlsFiles(target, files, context);
  // Clients that verify the server have its authority from the same secret.
  const inSecret = Object.values(data)
    .find((value) => typeof value === "string" && value.includes("-----BEGIN CERTIFICATE-----"));
  if (read.tls.caCert !== undefined || typeof inSecret !== "string") return read;
  return { ...read, tls: { ...read.tls, caCert: inSecret } };
}

async function firstOf<T>(
  list: readonly T[],
  is: (item: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const item of list) if (await is(item)) return item;
  return undefined;
}
