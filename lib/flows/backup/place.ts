import { checkRecipient } from "../../age/age.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { storesOf, storeUrl } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";

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
}

/** The source that a thing of a platform is: `vaults/main` is `{kind: "vault", scope: "shop-production", name: "main"}`. */
export function sourceOf(
  { name: platform, environment }: Pick<Platform, "name" | "environment">,
  kind: string,
  name: string,
): BackupSource {
  return { kind, scope: `${platform}-${environment}`, name };
}

/**
 * The store of a thing's backups: the one that is named; else that of the platform's job that covers it; else the
 * platform's only one.
 *
 * @throws {UsageError} when that leaves several, or none
 */
export async function openBackupStore(
  { store: wanted, endpoint, region }: Omit<PlaceRequest, "recipient">,
  { platform, subject }: { platform: Platform; subject: string },
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<Store> {
  const stores = storesOf(platform);
  const names = Object.keys(stores);
  if (wanted !== undefined && !names.includes(wanted)) {
    return await openStore(wanted, context, { endpoint, region });
  }
  const job = Object.values(platform.backups?.jobs ?? {}).find(({ covers = [], store }) =>
    store !== undefined && covers.includes(subject)
  );
  const name = wanted ?? job?.store ?? (names.length === 1 ? names[0] : undefined);
  const store = stores[name ?? ""];
  if (store !== undefined) return await openStore(storeUrl(store), context);
  throw new UsageError(
    names.length === 0
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
 * Who can read a backup.
 *
 * @throws {UsageError} when nobody is named, or one of them is malformed
 */
export function recipientsOf(
  { recipient = [] }: Pick<PlaceRequest, "recipient">,
  { name, backups }: Pick<Platform, "name" | "backups">,
): string[] {
  const recipients = recipient.length > 0 ? recipient : Object.values(backups?.holders ?? {});
  for (const each of recipients) checkRecipient(each);
  if (recipients.length > 0) return [...new Set(recipients)];
  throw new UsageError(
    `Refused to back up secrets in the clear: the platform ${name} says under backups.holders of nobody that may read them`,
    { remedy: "name age recipients there, or with --recipient age1…" },
  );
}
