import { type BackupListing, chooseBackup, type DamagedBackup } from "../../backup/listing.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";
import { backupIdentities, checkOpening, type IdentityRequest } from "./identities.ts";

/** Which backup is to be restored, and what opens it, as the command line says. */
export interface ChoiceRequest extends IdentityRequest {
  /** Id of the backup, a time, or `latest`. */
  from: string;
}

/** A backup that is to be restored, and what opens it. */
export interface ChosenBackup {
  /** Where it is. */
  store: Store;
  /** What it is of. */
  source: BackupSource;
  /** What is known of it. */
  record: BackupRecord;
  /** age identities; none where it is stored in the clear. */
  identities: readonly string[];
}

/**
 * Choose the backup that is meant among those that a store has. What is damaged is told: it may be the one that was
 * meant by `latest`.
 *
 * @throws {UsageError} when no identity is given that opens it
 * @throws {SlipwayError} when there is none, or it cannot be used
 */
export async function chooseToRestore(
  store: Store,
  listing: BackupListing,
  request: ChoiceRequest,
  context: Pick<Context, "env" | "cwd" | "redactor" | "emit">,
): Promise<ChosenBackup> {
  const { source } = listing;
  const identities = await backupIdentities(request, context);
  tellDamaged(listing, context);
  const { record } = chooseBackup(listing, request.from, store.url);
  await checkOpening(identities, source, record);
  return { store, source, record, identities };
}

/** How many are named: a store that is damaged as a whole has too many. */
const shown = 3;

/** Tell which backups cannot be used. */
export function tellDamaged(
  { damaged }: { damaged: readonly DamagedBackup[] },
  { emit }: Pick<Context, "emit">,
): void {
  for (const { id, because } of damaged.slice(0, shown)) {
    const message = `the backup ${id} cannot be used: ${because}`;
    emit({ type: "note", level: "warning", message });
  }
}
