import { type BackupSource, folderOf, readFileName, readSourceName } from "../../backup/names.ts";
import { isMeant, type SourceFilter } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";

/**
 * All sources that a store has something of, by their names there: also those of which there is no whole backup.
 *
 * @throws {StoreError} when the store cannot be read
 */
export async function findSources(
  store: Store,
  filter: SourceFilter,
  { signal }: Pick<Context, "signal">,
): Promise<BackupSource[]> {
  const { kind, scope, name } = filter;
  const whole = kind !== undefined && scope !== undefined && name !== undefined;
  const objects = await store.list(whole ? folderOf({ kind, scope, name }) : "", { signal });
  const found = new Map<string, BackupSource>();
  for (const object of objects) {
    const source = readSourceName(object.name);
    if (source === undefined || readFileName(source, object.name) === undefined) continue;
    if (isMeant(source, filter)) found.set(folderOf(source), source);
  }
  return [...found.values()];
}
