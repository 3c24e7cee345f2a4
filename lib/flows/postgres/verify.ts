import type { Context } from "../../core/context.ts";
import { readPostgresDetails } from "../../postgres/details.ts";
import { restoreName, writeMark } from "../../postgres/restore_names.ts";
import type { Verified, VerifyTools } from "../backup/verifier.ts";
import { fillDatabase } from "./fill.ts";
import { checkServer } from "./restore_checks.ts";
import { compareGlobals, makeRoles } from "./restore_roles.ts";
import type { StoredDump } from "./stored_dump.ts";
import { withThrowawayPostgres } from "./throwaway.ts";

/**
 * Restore a database into a throwaway server of the version that it was on, and compare it with its record.
 *
 * @throws {SlipwayError} when it cannot be restored, or something differs
 */
export async function verifyPostgres(tools: VerifyTools, context: Context): Promise<Verified> {
  const { store, source, record, identities, query, scratch, runAs } = tools;
  const details = readPostgresDetails(record);
  const stored: StoredDump = { store, source, record, details, identities };
  const request = {
    major: details.server.major,
    ...scratch === undefined ? {} : { scratch },
    ...runAs === undefined ? {} : { runAs },
  };
  return await withThrowawayPostgres(request, context, async (access) => {
    await checkServer(access, { id: record.id, details }, context);
    const database = details.database;
    const globals = await compareGlobals(
      access,
      stored,
      { roles: true, passwords: false, database },
      context,
    );
    await makeRoles(access, globals, { database }, context);
    const name = await restoreName(database, "restored", record.id);
    const mark = writeMark({
      state: "restoring",
      database: name,
      source: database,
      backup: record.id,
      startedAt: context.now().toString(),
    });
    const { checks, restoredBytes } = await fillDatabase(access, stored, {
      ...{ name, mark, owner: true, tablespaces: false, anyLocale: true },
      ...query === undefined ? {} : { query },
    }, context);
    const [first = "", ...rest] = checks;
    return { target: access.name, checks: [first, ...rest], restoredBytes };
  });
}
