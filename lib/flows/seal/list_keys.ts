import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { newestKey } from "../../seal/keyring.ts";
import { keyBackupState } from "./key_status.ts";
import { detailsOf, type KeyStoreRequest, listKeyBackups, openKeyStore } from "./key_store.ts";
import { openSealingTarget, type SealingTarget } from "./target.ts";

/**
 * List the keys of a controller with their fingerprints, which of them it seals with, and which backups have them: all
 * of a store that is named, else the last one, which the cluster remembers.
 */
export async function listKeys(request: KeyStoreRequest, context: Context): Promise<void> {
  await using target = await openSealingTarget(request, context);
  const { session, place: { namespace } } = target;
  const state = await keyBackupState(session.client, namespace, context);
  if (state === undefined) {
    throw new UsageError(`Namespace ${namespace} of ${session.name} has no sealing key`, {
      remedy: "name the controller's namespace with --controller-namespace",
    });
  }
  const { keys, note } = state;
  const backups = await backupsOf(request, target, context) ??
    (note === undefined ? [] : [{ id: note.id, fingerprints: note.fingerprints }]);
  const newest = newestKey(keys);
  context.emit({
    type: "table",
    title: `Sealing keys of ${namespace} on ${session.name}`,
    columns: ["Secret", "Fingerprint", "From", "Until", "Use", "Backups"],
    rows: keys.map((key) => {
      const { name, certificate: { fingerprint, notBefore, notAfter }, isActive } = key;
      const has = backups.filter((backup) => backup.fingerprints.includes(fingerprint));
      return [
        name,
        fingerprint,
        notBefore.toString(),
        notAfter.toString(),
        key === newest ? "seals and opens" : isActive ? "opens" : "not used",
        has.length === 0 ? "none" : has.map(({ id }) => id).join(", "),
      ];
    }),
  });
  if (state.state !== "current") {
    context.emit({
      type: "note",
      level: "warning",
      message: state.because,
      remedy: "back them up with `deno task sealing-keys backup`",
    });
  }
  context.emit({
    type: "summary",
    keys: keys.length,
    newest: newest?.certificate.fingerprint,
    backup: state.state,
  });
}

async function backupsOf(
  request: KeyStoreRequest,
  target: SealingTarget,
  context: Context,
): Promise<{ id: string; fingerprints: string[] }[] | undefined> {
  const isNamed = request.store !== undefined ||
    target.platform?.sealing?.keyBackups?.store !== undefined;
  if (!isNamed) return undefined;
  const { backups } = await listKeyBackups(await openKeyStore(request, target, context), context);
  return backups.map(({ record }) => ({
    id: record.id,
    fingerprints: detailsOf(record.details)?.keys.map(({ fingerprint }) => fingerprint) ?? [],
  }));
}
