import { checkRecipient } from "../../age/age.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { storeKeys, storesOf, storeUrl } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import { openStore, type StoreDefaults } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import type { TargetRequest } from "../target.ts";

/** Where backups are, and who can read them, as the command line says. */
export interface PlaceRequest {
  /** URL or folder of the store, or the name of one of the platform's. @default the one that the platform's job uses */
  store?: string;
  /** URL of its S3 API. @default that of AWS */
  endpoint?: string;
  /** Region of its bucket. */
  region?: string;
  /** age recipients. @default the platform's */
  recipient?: readonly string[];
  /** Store it in the clear, where it holds no secrets. @default what the platform accepts */
  unencrypted?: boolean;
}

/** What the sources of a platform have in common, or those of none: `shop-production`, or `standalone`. */
export function scopeOf(platform: Pick<Platform, "name" | "environment"> | undefined): string {
  return platform === undefined ? "standalone" : `${platform.name}-${platform.environment}`;
}

/** The source that a thing of a platform is: `vaults/main` is `{kind: "vault", scope: "shop-production", name: "main"}`. */
export function sourceOf(
  platform: Pick<Platform, "name" | "environment"> | undefined,
  kind: string,
  name: string,
): BackupSource {
  return { kind, scope: scopeOf(platform), name };
}

/** Which store is meant, and the cluster that may have its key. */
export type StoreRequest = Pick<PlaceRequest, "store" | "endpoint" | "region"> & TargetRequest;

/** Where a store is. */
export interface StorePlace {
  /** Its name, where it is one of the platform's. */
  name?: string;
  /** Its URL or folder. */
  url: string;
  /** What an `s3://` URL does not say itself. */
  defaults: StoreDefaults;
}

/**
 * Where a thing's backups are: in the store that is named; else in that of the platform's job that covers it; else in
 * the platform's only one.
 *
 * @throws {UsageError} when that leaves several, or none
 */
export function backupStorePlace(
  { store: wanted, endpoint, region }: Pick<PlaceRequest, "store" | "endpoint" | "region">,
  { platform, subject }: { platform?: Platform | undefined; subject: string },
): StorePlace {
  const stores = platform === undefined ? {} : storesOf(platform);
  const names = Object.keys(stores);
  if (wanted !== undefined && !names.includes(wanted)) {
    return { url: wanted, defaults: { endpoint, region } };
  }
  const job = Object.values(platform?.backups?.jobs ?? {}).find(({ covers = [], store }) =>
    store !== undefined && covers.includes(subject)
  );
  const name = wanted ?? job?.store ?? (names.length === 1 ? names[0] : undefined);
  const store = stores[name ?? ""];
  if (store !== undefined) {
    // What is said by hand counts more: the store may be reached at another address from here.
    const said = { ...endpoint && { endpoint }, ...region && { region } };
    return { name: name!, url: storeUrl({ ...store, ...said }), defaults: {} };
  }
  throw new UsageError(
    platform === undefined
      ? `Cannot tell where backups of ${subject} are: neither a store nor a platform is named`
      : names.length === 0
      ? `Cannot tell where backups of ${subject} are: the platform ${platform.name} has no stores`
      : `Cannot tell where backups of ${subject} are: the platform ${platform.name} has the stores ${
        names.join(" and ")
      }`,
    {
      remedy:
        "name one with --store, as s3://bucket/prefix or a folder, or declare it under backups.stores",
    },
  );
}

/**
 * The store of a thing's backups, as {@linkcode backupStorePlace} finds it, opened with the key that the environment
 * has; one of the platform's, where the environment has none, with that of its Secret on the cluster.
 *
 * @throws {UsageError} when it is not clear which one is meant, or it cannot be opened
 * @throws {SlipwayError} when neither the environment nor the cluster has a key
 */
export async function openBackupStore(
  request: StoreRequest,
  of: { platform?: Platform | undefined; subject: string },
  context: Context,
): Promise<Store> {
  const { name, url, defaults } = backupStorePlace(request, of);
  const { platform } = of;
  const secrets = platform === undefined ? {} : storesOf(platform)[name ?? ""]?.secrets ?? {};
  if (platform === undefined || Object.keys(secrets).length === 0 || hasStoreKey(context.env)) {
    return await openStore(url, context, defaults);
  }
  // Whoever has a key, as jobs do, need not wait for what speaks with clusters.
  const { openWithClusterKey } = await import("./cluster_key.ts");
  return await openWithClusterKey(name!, platform, request, context);
}

/** Whether the environment has a key of a store. */
export function hasStoreKey(env: Context["env"]): boolean {
  return storeKeys.some((key) => Boolean(env(key) || env(`${key}_FILE`)));
}

/**
 * The store of a thing's backups as {@linkcode openBackupStore} finds it, where a job may say which one it is.
 *
 * @throws {UsageError} when it is not clear which one is meant, or it cannot be opened
 */
export async function openJobStore(
  request: StoreRequest,
  { job, ...of }: { platform?: Platform | undefined; job: { store?: string }; subject: string },
  context: Context,
): Promise<Store> {
  const wanted = job.store === undefined ? request : { ...request, store: job.store };
  return await openBackupStore(wanted, of, context);
}

/**
 * Who can read a backup: nobody in particular where `mayBePlain` says that it holds no secrets, and the platform or the
 * command line accepts that it is stored in the clear.
 *
 * @throws {UsageError} when nobody is named, or one of them is malformed
 */
export function recipientsOf(
  { recipient = [], unencrypted = false }: Pick<PlaceRequest, "recipient" | "unencrypted">,
  platform: Pick<Platform, "name" | "backups"> | undefined,
  { mayBePlain = false }: { mayBePlain?: boolean } = {},
): string[] {
  if (unencrypted && !mayBePlain) {
    throw new UsageError("Refused to back up secrets in the clear, as --unencrypted asks for", {
      remedy: "name who may read them with --recipient age1…",
    });
  }
  if (unencrypted && recipient.length === 0) return [];
  const recipients = recipient.length > 0
    ? recipient
    : Object.values(platform?.backups?.holders ?? {});
  for (const each of recipients) checkRecipient(each);
  if (recipients.length > 0) return [...new Set(recipients)];
  if (mayBePlain && platform?.backups?.unencrypted !== undefined) return [];
  const what = mayBePlain ? "data" : "secrets";
  throw new UsageError(
    platform === undefined
      ? `Refused to back up ${what} in the clear: nobody is named that may read them`
      : `Refused to back up ${what} in the clear: the platform ${platform.name} says under backups.holders of nobody that may read them`,
    {
      remedy: `name age recipients ${
        platform === undefined ? "" : "there, or "
      }with --recipient age1…${
        mayBePlain
          ? `; or accept it by ${
            platform === undefined ? "" : "backups.unencrypted or "
          }--unencrypted`
          : ""
      }`,
    },
  );
}
