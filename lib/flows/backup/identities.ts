import { readIdentities, recipientOf } from "../../age/age.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readSetting } from "../../core/setting.ts";
import { readIdentityFiles } from "../vault/open_keys.ts";

/** What decrypts backups, as the command line says. */
export interface IdentityRequest {
  /** Paths of age identity files. @default what SLIPWAY_AGE_IDENTITY has, or the file that SLIPWAY_AGE_IDENTITY_FILE names */
  identity?: readonly string[];
}

const variable = "SLIPWAY_AGE_IDENTITY";

/**
 * The age identities that are given; none where nobody gave any. The redactor knows them when this returns.
 *
 * @throws {UsageError} when a file has none
 */
export async function backupIdentities(
  request: IdentityRequest,
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<string[]> {
  const named = await readIdentityFiles(request, context);
  if (named.length > 0) return named;
  const text = await readSetting(variable, context);
  if (text === undefined) return [];
  const found = readIdentities(text, variable);
  for (const each of found) context.redactor.add(each);
  return found;
}

/** Whether one of the identities opens a backup; what is stored in the clear needs none. */
export async function canOpen(
  identities: readonly string[],
  { recipients }: Pick<BackupRecord, "recipients">,
): Promise<boolean> {
  if (recipients.length === 0) return true;
  const readers = recipients.map((recipient) => recipient.toLowerCase());
  const given = await Promise.all(identities.map(recipientOf));
  return given.some((recipient) => readers.includes(recipient.toLowerCase()));
}

/**
 * Check that one of the identities opens a backup, before anything is done that takes time.
 *
 * @throws {UsageError} when it is encrypted for others, or there is no identity
 */
export async function checkOpening(
  identities: readonly string[],
  source: BackupSource,
  record: Pick<BackupRecord, "id" | "recipients">,
): Promise<void> {
  if (await canOpen(identities, record)) return;
  const tried = `open the backup ${record.id} of ${nameOfSource(source)}`;
  if (identities.length === 0) {
    throw new UsageError(`Cannot ${tried}: no identity is there to decrypt it`, {
      remedy: `name the age identity of one of ${
        record.recipients.join(", ")
      } with --identity, or in ${variable}_FILE`,
    });
  }
  const given = await Promise.all(identities.map(recipientOf));
  throw new UsageError(
    `Cannot ${tried}: it is encrypted for ${
      record.recipients.join(", ")
    }, and the identity that is given is that of ${given.join(", ")}`,
    { remedy: "name the age identity of somebody for whom it is encrypted with --identity" },
  );
}
