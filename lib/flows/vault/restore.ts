import { chooseBackup } from "../../backup/listing.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, SlipwayError, UsageError } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import { checkSnapshot } from "../../vault/snapshot/check.ts";
import { readVaultDetails } from "../../vault/snapshot/details.ts";
import { tellDamaged } from "../backup/choose.ts";
import { withHold } from "../backup/hold.ts";
import { backupIdentities } from "../backup/identities.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import { listBackups } from "../backup/list.ts";
import { readObject } from "../backup/objects.ts";
import { openBackupStore, type PlaceRequest, sourceOf } from "../backup/place.ts";
import { joinAndUnseal } from "./join.ts";
import { openVault, type VaultRequest } from "./open.ts";
import type { KeysRequest } from "./open_keys.ts";
import { bringIn } from "./restore_act.ts";
import { checkServer, checkTransitKey, tellNeeds } from "./restore_needs.ts";
import { proveRestored } from "./restore_proof.ts";
import { gatherShares } from "./restore_shares.ts";
import { restoreStateFile } from "./restore_state.ts";
import { restoreStep } from "./restore_step.ts";
import type { SealerRequest } from "./sealer.ts";
import type { ShareRequest } from "./shares.ts";
import { collectShares, givenToken } from "./token.ts";

/** Which Vault is to be restored, from what, and by what it is unsealed then. */
export interface RestoreVaultRequest
  extends VaultRequest, ShareRequest, KeysRequest, SealerRequest, Omit<PlaceRequest, "recipient"> {
  /** Id of the backup, a time, or `latest`. */
  from: string;
  /** Only tell what is needed, and check the backup. @default false */
  dryRun?: boolean;
}

/**
 * Restore a Vault from a snapshot. Whatever can be checked is checked before anything is lost: the backup's sums, the
 * shares that are at hand, the Transit key. The restored Vault is unsealed by what unsealed the one that was backed up,
 * and proved by reading the canary. Interrupted anywhere, the same command goes on from there.
 */
export async function restoreVault(
  request: RestoreVaultRequest,
  context: Context,
): Promise<ExitCode> {
  const { signal, now, emit } = context;
  const startedAt = now();
  const identities = await backupIdentities(request, context);
  if (identities.length === 0) {
    throw new UsageError("Cannot restore a Vault: there is no identity to decrypt the backup", {
      remedy:
        "name the age identity of one of its recipients with --identity, or in SLIPWAY_AGE_IDENTITY_FILE",
    });
  }
  await using open = await openVault(request, context);
  const { platform, name } = open;
  const source = sourceOf(platform, "vault", name);
  const store = await openBackupStore(request, { platform, subject: `vaults/${name}` }, context);
  const listing = await listBackups(store, source, context);
  tellDamaged(listing, context);
  const { record } = chooseBackup(listing, request.from, store.url);
  const details = readVaultDetails(record.details, record.id);
  tellNeeds(record, details, context);

  const states = await open.look(context);
  const target = `${name} at ${open.servers[0]!.client.address}`;
  const { id, recipients } = record;
  const { redactor } = context;
  const state = await restoreStateFile(store, source, { id, target, recipients, redactor });
  const kept = await state.read(identities);
  const token = await givenToken(request, context);
  const first = restoreStep(states, kept, { hasToken: token !== undefined });
  if (first.action !== "refuse") checkServer(name, states[0]!.seal!, details);
  emit({
    type: "note",
    level: "info",
    message: `${name}: ${first.action}, since ${first.because}`,
  });
  const losesData = first.action === "replace" && kept?.stage !== "initialising";

  const read = () =>
    step(
      context,
      `Read and check ${id}`,
      async () => {
        const [object] = record.objects;
        const bytes = await readObject(store, source, record, object!, { identities, signal });
        await checkSnapshot(new Blob([bytes]).stream());
        return bytes;
      },
      (bytes) => `${formatBytes(bytes.length)}, its sums agree`,
    );
  // Once it is read, the state of the restore keeps the backup.
  const snapshot = request.dryRun
    ? await read()
    : await withHold(store, source, id, { task: "restore-vault" }, context, read);
  await checkTransitKey(open, details.seal, request, { losesData }, context);
  if (request.dryRun) {
    emit({ type: "summary", vault: name, backup: id, action: first.action, restored: false });
    return ExitCode.done;
  }
  const shares = await gatherShares(open, details.seal, { request, token }, context);
  if (
    first.action === "replace" && !await context.confirm(
      `Lose all that is in the Vault ${target}, and restore ${id} of ${record.createdAt}?`,
    )
  ) throw new Interrupted("Nothing was changed: the answer was no");

  await bringIn(
    open,
    first,
    { snapshot, seal: details.seal, state, keys: kept?.keys, token },
    context,
  );
  const { waiting } = await joinAndUnseal(
    open,
    { keys: shares === undefined ? undefined : { shares, rootToken: "" } },
    { ...request, vault: name },
    context,
  );
  if (waiting > 0) {
    throw new SlipwayError(`The Vault ${name} is restored, and still sealed`, {
      remedy: "run the same command again with the shares of more holders",
    });
  }
  await open.look(context);
  const means = {
    shares: async () => shares ?? await collectShares(open, request, context),
    token,
    stateFile: state.name,
  };
  const proof = await proveRestored(open, details, means, context);
  const durationMs = elapsedMs(startedAt, context);
  const verification = { id, verifiedAt: now().toString(), durationMs, target, proof };
  await keepVerification(store, source, verification, context);
  await state.forget();
  emit({
    type: "note",
    level: "info",
    message: `${name} is restored from ${id} in ${formatDuration(durationMs)}: ${proof}`,
  });
  emit({ type: "summary", vault: name, backup: id, restored: true, proof, durationMs });
  return ExitCode.done;
}
