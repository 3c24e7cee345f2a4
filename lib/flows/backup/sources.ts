import { type BackupSource, folderOf, readFileName, readSourceName } from "../../backup/names.ts";
import { isMeant, parseSourceFilter, type SourceFilter } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { scopeOf } from "./place.ts";

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

/**
 * The sources that a command line means: those that it names, else all of the platform and its environment. Whoever
 * names neither would mean what others keep in the same bucket.
 *
 * @param tried what is done with them, such as `prune`
 * @throws {UsageError} when neither is named
 */
export function filtersOf(
  sources: readonly string[],
  platform: Platform | undefined,
  tried: string,
): SourceFilter[] {
  if (sources.length > 0) return sources.map(parseSourceFilter);
  if (platform !== undefined) return [{ scope: scopeOf(platform) }];
  throw new UsageError(`Cannot ${tried}: neither a source nor a platform is named`, {
    remedy:
      "name sources, such as postgres/shop-production or postgres/shop-production/main/orders, or a platform with --platform",
  });
}
