import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readPostgresDetails } from "../../postgres/details.ts";
import type { Store } from "../../store/store.ts";
import { type ChoiceRequest, chooseToRestore } from "../backup/choose.ts";
import { listBackups } from "../backup/list.ts";
import { findSources } from "../backup/sources.ts";
import type { PostgresPlace } from "./places.ts";
import type { StoredDump } from "./stored_dump.ts";

/** Which backup is meant. */
export interface DumpChoice extends ChoiceRequest {
  /** Name of the database that was backed up; not needed where there is only one. */
  database?: string;
  /** Name of the server in the store, also with its scope, as `shop-production/main`. @default that of the server */
  storedAs?: string;
}

/**
 * The backup that is meant. A database that the store knows of another server only is found there too: a new server has
 * another name than the one that was lost.
 *
 * @throws {UsageError} when several would do, or there is no identity for it
 * @throws {SlipwayError} when there is none, or it cannot be used
 */
export async function chooseDump(
  store: Store,
  request: DumpChoice,
  place: Pick<PostgresPlace, "scope" | "name">,
  context: Context,
): Promise<StoredDump> {
  const source = await chooseSource(store, request, place, context);
  const listing = await listBackups(store, source, context);
  const chosen = await chooseToRestore(store, listing, request, context);
  return { ...chosen, details: readPostgresDetails(chosen.record) };
}

async function chooseSource(
  store: Store,
  { database, storedAs }: DumpChoice,
  { scope, name }: Pick<PostgresPlace, "scope" | "name">,
  { signal }: Context,
): Promise<BackupSource> {
  const all = (await findSources(store, { kind: "postgres" }, { signal }))
    .filter(({ item }) => item !== undefined && (database === undefined || item === database));
  const named = storedAs === undefined
    ? all
    : all.filter((each) => each.name === storedAs || `${each.scope}/${each.name}` === storedAs);
  const own = named.filter((each) => each.scope === scope && each.name === name);
  const found = own.length > 0 ? own : named;
  if (found.length === 1) return found[0]!;
  const what = database === undefined ? "a database" : `the database ${database}`;
  if (found.length === 0) {
    throw new UsageError(
      `There is no backup of ${what}${
        storedAs === undefined ? "" : ` of ${storedAs}`
      } in ${store.url}`,
      { remedy: "check the name and --store; `deno task list-backups` shows what is there" },
    );
  }
  const databases = new Set(found.map(({ item }) => item));
  throw new UsageError(
    `Cannot tell which backup is meant: ${store.url} has ${
      found.slice(0, 5).map(nameOfSource).join(", ")
    }${found.length > 5 ? ` and ${found.length - 5} more` : ""}`,
    {
      remedy: databases.size > 1
        ? "name the database"
        : `name the server with --stored-as, such as ${found[0]!.scope}/${found[0]!.name}`,
    },
  );
}
