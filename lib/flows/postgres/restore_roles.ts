import type { Context } from "../../core/context.ts";
import { step } from "../../core/steps.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { missingRoles } from "../../postgres/role_sql.ts";
import { maintenance } from "./maintenance.ts";
import { readGlobals, type StoredDump } from "./stored_dump.ts";

/** How roles are restored. */
export interface RoleOptions {
  /** Make the roles that the server lacks. */
  roles: boolean;
  /** Give them the passwords that they had. */
  passwords: boolean;
  /** Name of the database that is restored. */
  database: string;
}

/** What of roles and tablespaces a server lacks. */
export interface Globals {
  /** Roles that it lacks, and that are made. */
  roles: string[];
  /** What makes them. */
  statements: string[];
  /** Tablespaces of the backup that it lacks. */
  tablespaces: string[];
}

/** Compare a server's roles and tablespaces with those of a backup. */
export async function compareGlobals(
  access: PostgresAccess,
  stored: StoredDump,
  { roles, passwords, database }: RoleOptions,
  { signal }: Context,
): Promise<Globals> {
  const script = await readGlobals(stored, signal);
  return await maintenance(access, database, async (session) => {
    const names = async (sql: string) =>
      new Set((await session.query(sql)).map(({ name }) => name ?? ""));
    const known = await names("SELECT rolname AS name FROM pg_roles");
    const spaces = await names("SELECT spcname AS name FROM pg_tablespace");
    const missing = missingRoles(script, { roles: known }, { passwords });
    return {
      ...roles ? missing : { roles: [], statements: [] },
      tablespaces: missing.tablespaces.filter((name) => !spaces.has(name)),
    };
  });
}

/**
 * Make the roles that a server lacks, all or none.
 *
 * @throws {PostgresError} when the role that restores may not
 */
export async function makeRoles(
  access: PostgresAccess,
  { roles, statements }: Globals,
  { database }: Pick<RoleOptions, "database">,
  context: Context,
): Promise<void> {
  if (roles.length === 0) return;
  await step(
    context,
    "Make the roles that lack",
    () =>
      maintenance(access, database, async (session) => {
        await session.query("BEGIN");
        // Verifiers of passwords have no place in the server's log.
        await session.query(
          "SELECT set_config(name, setting, true) FROM (VALUES ('log_statement', 'none'), " +
            "('log_min_duration_statement', '-1'), ('log_min_error_statement', 'panic')) " +
            "AS wanted (name, setting) WHERE current_setting('is_superuser') = 'on'",
        );
        try {
          for (const statement of statements) await session.query(statement);
        } catch (error) {
          await session.query("ROLLBACK").catch(() => {});
          throw error;
        }
        await session.query("COMMIT");
      }),
    () => roles.join(", "),
  );
}
