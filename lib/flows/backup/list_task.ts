import type { BackupListing } from "../../backup/listing.ts";
import { folderOf, nameOfSource } from "../../backup/names.ts";
import { isMeant, parseSourceFilter } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, UsageError } from "../../core/errors.ts";
import { leavesCluster, storesOf } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { renderPlatform } from "../render/render.ts";
import { listBackups } from "./list.ts";
import { tellListing } from "./list_view.ts";
import { openBackupStore, type StoreRequest } from "./place.ts";
import { tellRecovery } from "./recovery.ts";
import { tellOthers } from "./others.ts";
import { findSources } from "./sources.ts";
import { warn } from "./warn.ts";

/** Which backups are to be listed. */
export interface ListBackupsRequest extends StoreRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform?: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Sources, as `kind/scope/name/item` or the first parts of it. @default those of the platform; else all */
  sources: readonly string[];
  /** One event a backup, for programs, in place of tables. @default false */
  json?: boolean;
}

/** What one store has. */
interface StoreView {
  place: string;
  listings: BackupListing[];
}

/**
 * List backups, newest first, by source: of one store, or of all that a platform declares. A store that cannot be read
 * is told of, and the others are listed; the exit code is 3 then.
 *
 * @throws {UsageError} when neither a store nor a platform is named
 * @throws {SlipwayError} when no store can be read
 */
export async function listBackupsTask(
  request: ListBackupsRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform: wanted, env } = request;
  const platform = wanted === undefined
    ? undefined
    : (await renderPlatform({ platform: wanted, ...env && { env } }, context)).platform;
  const places = request.store === undefined
    ? Object.keys(platform === undefined ? {} : storesOf(platform))
    : [request.store];
  if (platform === undefined && places.length === 0) {
    throw new UsageError("Cannot list backups: neither a store nor a platform is named", {
      remedy: "name a store with --store, as s3://bucket/prefix or a folder",
    });
  }
  // What only Velero and the like write to is nothing that these tasks have made or must be able to read.
  const used = new Set(
    Object.values(platform?.backups?.jobs ?? {}).flatMap(({ store, from }) => [store, from]),
  );
  const isOthers = (place: string) => request.store === undefined && !used.has(place);
  if (platform !== undefined && request.store === undefined) tellOthers(platform, context);
  const views: StoreView[] = [];
  const failures: unknown[] = [];
  for (const place of places) {
    try {
      const subject = "what is to be listed";
      const store = await openBackupStore(
        { ...request, store: place },
        { platform, subject },
        context,
      );
      try {
        const listings = await listingsIn(store, request, platform, context);
        views.push({ place, listings });
        for (const listing of listings) await tellListing(store, listing, request, context);
        if (listings.length === 0) {
          tellNone(store, { ...request, isOthers: isOthers(place) }, context);
        }
      } finally {
        store.close?.();
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (!isOthers(place)) failures.push(error);
      if (places.length > 1) warn(`The store ${place} was not listed`, error, context);
    }
  }
  if (failures.length > 0 && failures.length === places.length) {
    if (failures.length === 1) throw failures[0];
    throw new SlipwayError(`Cannot list any of the stores ${places.join(", ")}`, {
      remedy: "see above why, or name one that can be reached from here with --store",
    });
  }
  if (platform !== undefined && request.store === undefined) tellInside(views, platform, context);
  if (platform !== undefined && !request.json) {
    tellRecovery(views.flatMap(({ listings }) => listings), platform, context);
  }
  return failures.length === 0 ? ExitCode.done : ExitCode.partly;
}

async function listingsIn(
  store: Store,
  { sources }: ListBackupsRequest,
  platform: Platform | undefined,
  context: Context,
): Promise<BackupListing[]> {
  const filters = sources.length > 0
    ? sources.map(parseSourceFilter)
    : platform === undefined
    ? [{}]
    : [{ scope: `${platform.name}-${platform.environment}` }];
  const listings: BackupListing[] = [];
  for (const source of await findSources(store, {}, context)) {
    if (!filters.some((filter) => isMeant(source, filter))) continue;
    listings.push(await listBackups(store, source, context));
  }
  return listings;
}

function tellNone(
  store: Store,
  { sources, platform, isOthers }: ListBackupsRequest & { isOthers: boolean },
  { emit }: Pick<Context, "emit">,
): void {
  if (isOthers) {
    emit({ type: "note", level: "info", message: `${store.url} has what others keep there` });
    return;
  }
  const isAll = sources.length === 0 && platform === undefined;
  emit({
    type: "note",
    level: "warning",
    message: `${store.url} has ${isAll ? "no backups" : "none of these backups"}`,
    remedy: isAll
      ? "check --store: the bucket or folder, and the prefix in it"
      : "check --store, --platform and --env, and the names of the sources",
  });
}

/** What only a store on the cluster has is lost together with what it protects. */
function tellInside(
  views: readonly StoreView[],
  platform: Platform,
  { emit }: Pick<Context, "emit">,
): void {
  const stores = storesOf(platform);
  const idsIn = (inside: boolean, folder: string) =>
    new Set(
      views.filter(({ place }) => leavesCluster(stores[place]) !== inside)
        .flatMap(({ listings }) => listings)
        .filter(({ source }) => folderOf(source) === folder)
        .flatMap(({ backups }) => backups.map(({ record }) => record.id)),
    );
  const sources = new Map(
    views.flatMap(({ listings }) => listings.map(({ source }) => [folderOf(source), source])),
  );
  for (const [folder, source] of sources) {
    if (idsIn(true, folder).size === 0 || idsIn(false, folder).size > 0) continue;
    emit({
      type: "note",
      level: "warning",
      message: `All backups of ${nameOfSource(source)} are on the cluster that they protect`,
      remedy: "copy them to a store elsewhere with copy-backups",
    });
  }
}
