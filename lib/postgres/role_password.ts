import { hasPostgresProblem } from "./errors.ts";
import {
  type ConnectionOptions,
  type PostgresConnection,
  type PostgresLogin,
  withConnection,
} from "./connection.ts";
import { quotedName } from "./sql_session.ts";
import type { PostgresTarget } from "./target.ts";
import { md5Verifier, scramVerifier } from "./verifier.ts";

/** A role and the password that it is to have. */
export interface RolePassword {
  /** Name of the role. */
  role: string;
  /** Its password. */
  password: string;
  /** New random bytes. @default those of the system */
  salt?: () => Uint8Array<ArrayBuffer>;
}

/**
 * Give a role a password. The server gets and logs only what it keeps of it: a verifier of the kind that its setting
 * password_encryption asks for. Where the connection's role is a superuser, the statement is not logged at all.
 *
 * @throws {PostgresError} when there is no such role, or the connection's one may not change it
 */
export async function setRolePassword(
  connection: PostgresConnection,
  { role, password, salt = () => crypto.getRandomValues(new Uint8Array(16)) }: RolePassword,
): Promise<void> {
  const [server] = await connection.query(
    "SELECT current_setting('password_encryption') AS kind, " +
      "current_setting('scram_iterations', true) AS iterations, " +
      "current_setting('is_superuser') AS superuser",
  );
  const { kind, iterations, superuser } = server as Record<string, string | null>;
  const verifier = kind === "scram-sha-256"
    ? await scramVerifier(password, { salt: salt(), iterations: Number(iterations ?? 4096) })
    : md5Verifier(password, role);
  const statement = `ALTER ROLE ${quotedName(role)} PASSWORD '${verifier}'`;
  if (superuser !== "on") return void await connection.query(statement);
  // On its own: a server logs what came together as it came, before any of it is done.
  await connection.query(
    "BEGIN; SET LOCAL log_statement = 'none'; SET LOCAL log_min_duration_statement = -1; " +
      "SET LOCAL log_min_error_statement = 'panic'",
  );
  let end = "ROLLBACK";
  try {
    await connection.query(statement);
    end = "COMMIT";
  } finally {
    await connection.query(end);
  }
}

/**
 * Whether a role can log in with a password. Only a refusal of the password is a no; all else that fails is thrown.
 *
 * @throws {PostgresError} when the server cannot be reached, or refuses for another reason
 */
export async function canLogIn(
  target: PostgresTarget,
  login: PostgresLogin,
  options: ConnectionOptions,
): Promise<boolean> {
  try {
    await withConnection(target, login, options, (connection) => connection.query("SELECT 1"));
    return true;
  } catch (error) {
    if (hasPostgresProblem(error, "wrong-password")) return false;
    throw error;
  }
}
