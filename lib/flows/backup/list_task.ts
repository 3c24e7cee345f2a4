import type { BackupListing } from "../../backup/listing.ts";
import { folderOf, nameOfSource } from "../../backup/names.ts";
import { isMeant, parseSourceFilter } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, UsageError } from "../../core/errors.ts";
import { leavesCluster, storesOf } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { renderPlatform } from "../render.ts";
import { listBackups } from "./list.ts";
import { tellListing } from "./list_view.ts";
import { tellRecovery } from "./recovery.ts";
import { findSources } from "./sources.ts";
import { openAnyStore, type StoreRequest } from "./stores.ts";
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
  store: Store;
  listings: BackupListing[];
}

/**
 * List backups, newest first, by source: of one store, or of all that a platform declares. A store that cannot be read
 * is told of, and the others are listed; the exit code is 3 then.
 *
 * @throws {UsageError} when neither a store nor a platform is named
 * @throws the failure, when no store can be read
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
  if (places.length === 0) {
    throw new UsageError(
      platform === undefined
        ? "Cannot list backups: neither a store nor a platform is named"
        : `Cannot list backups: the platform ${platform.name} has no stores`,
      { remedy: "name a store with --store, as s3://bucket/prefix or a folder" },
    );
  }
  const views: StoreView[] = [];
  const failures: unknown[] = [];
  for (const place of places) {
    try {
      const view = await look(place, request, platform, context);
      views.push(view);
      for (const listing of view.listings) {
        await tellListing(view.store, listing, request, context);
      }
      if (view.listings.length === 0) tellNone(view.store, context);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(error);
      if (places.length > 1) warn(`The store ${place} was not listed`, error, context);
    }
  }
  if (failures.length === places.length) throw failures[0];
  if (platform !== undefined && request.store === undefined) tellInside(views, platform, context);
  if (platform !== undefined && !request.json) {
    tellRecovery(views.flatMap(({ listings }) => listings), platform, context);
  }
  return failures.length === 0 ? ExitCode.done : ExitCode.partly;
}

async function look(
  place: string,
  request: ListBackupsRequest,
  platform: Platform | undefined,
  context: Context,
): Promise<StoreView> {
  const subject = "what is to be listed";
  const store = await openAnyStore({ ...request, store: place }, { platform, subject }, context);
  const filters = request.sources.length > 0
    ? request.sources.map(parseSourceFilter)
    : platform === undefined
    ? [{}]
    : [{ scope: `${platform.name}-${platform.environment}` }];
  const listings: BackupListing[] = [];
  for (const source of await findSources(store, {}, context)) {
    if (!filters.some((filter) => isMeant(source, filter))) continue;
    listings.push(await listBackups(store, source, context));
  }
  return { place, store, listings };
}

function tellNone(store: Store, { emit }: Pick<Context, "emit">): void {
  emit({
    type: "note",
    level: "warning",
    message: `${store.url} has none of these backups`,
    remedy: "check --store, --platform and --env, and the names of the sources",
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
